"""Makes people with verified addresses and foundation roles."""

import factory
from allauth.account.models import EmailAddress

from portal.accounts.models import RoleGrant, User


class UserFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda n: f"Person {n}")
    email = factory.Sequence(lambda n: f"person{n}@people{n}.example")

    @factory.post_generation
    def roles(self, create, extracted, **kwargs):
        for role in extracted or ():
            RoleGrant.objects.create(user=self, role=role)
        EmailAddress.objects.create(user=self, email=self.email, primary=True, verified=True)
