"""Who signs in, and the offset of the one clock."""

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

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(Base, AbstractBaseUser, PermissionsMixin):
    """A person with an account. What they are in the programme is said by other apps' rows, never here."""

    email = models.EmailField("e-mail address")
    first_name = models.CharField(max_length=100)
    last_name = models.CharField(max_length=100)
    sort_name = SortKeyField("last_name", "first_name")
    is_staff = models.BooleanField("programme staff", default=False)
    is_active = models.BooleanField("may sign in", default=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["first_name", "last_name"]

    objects = UserManager()

    class Meta:
        ordering = ["sort_name"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_once")]
        verbose_name = "person"
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.get_full_name()

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip() or self.email

    def get_short_name(self) -> str:
        return self.first_name


class ClockOffset(models.Model):
    """How far the one clock is moved, in demonstration and tests."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seconds = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="clock_one_row")]
