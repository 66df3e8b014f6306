"""Who signs in, and the offset of the one clock."""

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower

from accounts.fields import Base, SortKeyField


class UserManager(BaseUserManager):
    """Makes people; an address is kept in lower case, because that is how it is compared."""

    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def by_address(self, address: str) -> "User | None":
        """Whose address it is: their main one, or one more that is shown to be theirs."""
        address = address.strip()
        second = self.filter(emailaddress__email__iexact=address, emailaddress__verified=True)
        return self.filter(email__iexact=address).first() or second.first()

    def today(self, pk: object) -> "User | None":
        """The account that a key stands for today: of one that was merged, the one that holds everything since."""
        user = self.select_related("merged_into").filter(pk=pk).first()
        return user.merged_into or user if user else None

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


def full_name(first: str, last: str, email: str) -> str:
    """How a person is called where all of their name may stand."""
    return f"{first} {last}".strip() or email


class User(Base, AbstractBaseUser, PermissionsMixin):
    """A person with an account. What they are in the programme is said by other apps' rows, never here."""

    email = models.EmailField("e-mail address")
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    sort_name = SortKeyField("last_name", "first_name")
    is_staff = models.BooleanField("programme staff", default=False)
    is_active = models.BooleanField("may sign in", default=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="merged", editable=False,
        help_text="The other account of the same person, which holds everything since.",
    )  # fmt: skip
    seats_changed_at = models.DateTimeField(
        null=True, blank=True, editable=False,
        help_text="When they last took or left a seat somewhere; PostgreSQL writes it. None: they never had one.",
    )  # fmt: skip

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    objects = UserManager()

    class Meta:
        ordering = ["sort_name"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(
                condition=models.Q(merged_into__isnull=True)
                | (models.Q(is_active=False) & ~models.Q(merged_into=models.F("id"))),
                name="user_merged_is_closed",
            ),
        ]
        verbose_name = "person"
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return full_name(self.first_name, self.last_name, self.email)

    def get_short_name(self) -> str:
        return self.first_name


class AddressChange(Base):
    """Somebody is to have another e-mail address, once a code that was sent there has been given back.

    The code is worked out from the row and the server's own secret, and kept nowhere. Once it is done, or another is
    asked for, the address goes from here.
    """

    MOST_ATTEMPTS = 5

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="address_changes")
    address = models.EmailField("new e-mail address")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user"], name="address_change_one_at_a_time")]

    def __str__(self) -> str:
        return "Another e-mail address"


class ClockOffset(models.Model):
    """How far the one clock is moved, in demonstration and tests."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seconds = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="clock_one_row")]
