"""A person with an account, known by their e-mail address."""

import uuid

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils.functional import cached_property

from portal import clock
from portal.access import VisibleQuerySet
from portal.accounts.enums import STAFF, Role


class UserQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Administrators and auditors see everybody; everybody else themselves."""
        if user.roles & {Role.ADMINISTRATOR, Role.AUDITOR}:
            return self.all()
        return self.filter(pk=user.pk)


class UserManager(BaseUserManager["User"]):
    """Makes people; addresses are kept in lower case, so one person cannot sign up twice."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, user) -> UserQuerySet:
        """The people this person may know of."""
        return self.get_queryset().visible_to(user)

    def create_user(self, email, password=None, **fields):
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email=email.strip().lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A person. What they may do comes from roles and seats."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField("full name", max_length=120)
    time_zone = models.CharField("time zone", max_length=64, blank=True)
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField("demo account", default=False, editable=False)
    date_joined = models.DateTimeField(default=clock.now, editable=False)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = UserManager()

    class Meta:
        ordering = ["name", "email"]
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"),
        ]
        indexes = [models.Index(fields=["name", "email"], name="user_name")]

    def __str__(self):
        return self.name or self.email

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name.split(" ")[0] if self.name else self.email

    @cached_property
    def roles(self) -> frozenset[str]:
        """Foundation roles held now; read once per request, so a revoked role is gone with the next one."""
        if not self.is_active:
            return frozenset()
        return frozenset(self.role_grants.values_list("role", flat=True))

    @property
    def is_foundation_staff(self) -> bool:
        """Whether any role lets this person read everything in the initiative."""
        return bool(self.roles & STAFF)

    @cached_property
    def seat_roles(self) -> dict[int, str]:
        """The role of the seat held now on each site, by the site's key; read once per request, like `roles`.

        Seats are rows of an app above this one, reached by their related name. What changes a seat calls `forget_seats`.
        """
        if not self.is_active:
            return {}
        return dict(self.seats.filter(ended_at=None).values_list("site", "role"))

    @property
    def has_seats(self) -> bool:
        """Whether this person sits on any site's team now."""
        return bool(self.seat_roles)

    def forget_roles(self) -> None:
        """Read the roles again when they are next asked for: they were changed in this request."""
        self.__dict__.pop("roles", None)

    def forget_seats(self) -> None:
        """Read the seats again when they are next asked for: they were changed in this request."""
        self.__dict__.pop("seat_roles", None)
