"""The page behind the link that confirms an e-mail address."""

from allauth.account.views import ConfirmEmailView as LibraryView


class ConfirmEmailView(LibraryView):
    """Opening the link changes nothing: the library would already sign out whoever is signed in as somebody else."""

    def logout_other_user(self, confirmation):
        if self.request.method == "POST":
            super().logout_other_user(confirmation)


confirm_email = ConfirmEmailView.as_view()
