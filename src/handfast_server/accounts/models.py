"""People who sign in."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models


class Role(models.TextChoices):
    """What somebody is for; one person can have several."""

    ADMIN = "admin"
    MARKETING = "marketing"
    MARKETING_LEADER = "marketing_leader"
    SALES_LEADER = "sales_leader"
    MANAGER = "manager"
    REP = "rep"
    VIEWER = "viewer"


class Users(BaseUserManager["User"]):
    """Makes users; an e-mail address is compared without regard to case."""

    def create_user(self, email: str, password: str | None = None, **values: Any) -> User:
        """A user with these values. ``password`` None: they can only come by a link or another sign-in."""
        user = self.model(email=self.normalize_email(email).lower(), **values)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in by e-mail. ``rep`` is their name in rosters when they own leads."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=200, blank=True)
    rep = models.CharField(max_length=200, blank=True, db_index=True)
    roles = models.JSONField(default=list)
    zone = models.CharField(max_length=64, default="UTC")
    language = models.CharField(max_length=10, default="en")
    is_active = models.BooleanField(default=True)
    needs_code = models.BooleanField(default=False)  # sees nothing before there is a second factor
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[Users] = Users()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        """Nobody is somebody else: a name in the rosters is one person's."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["rep"], condition=~models.Q(rep=""), name="accounts_user_one_rep")
        ]

    def __str__(self) -> str:
        """Name, else address."""
        return self.name or self.email

    def has_role(self, *roles: Role) -> bool:
        """Whether they have one of these roles."""
        return any(role in self.roles for role in roles)

    @property
    def is_staff(self) -> bool:
        """Administrators."""
        return self.has_role(Role.ADMIN)


class ApiToken(models.Model):
    """A program's way in. ``digest`` is looked up whole, so nothing is compared letter by letter."""

    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64, unique=True)
    start = models.CharField(max_length=12)
    roles = models.JSONField(default=list)
    scopes = models.JSONField(default=list)
    sources = models.JSONField(default=list)  # besides its own: whose words it may pass on
    made_by = models.ForeignKey(User, models.SET_NULL, null=True)
    made_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)
    expires_at = models.BigIntegerField(null=True)
    revoked_at = models.DateTimeField(null=True)


class Invitation(models.Model):
    """Somebody is asked to join; the link holds a token whose hash stands here."""

    email = models.EmailField(db_index=True)
    name = models.CharField(max_length=200, blank=True)
    rep = models.CharField(max_length=200, blank=True)
    roles = models.JSONField(default=list)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.CharField(max_length=100)
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(User, models.SET_NULL, null=True)
    revoked_at = models.DateTimeField(null=True)


class CacheEntry(models.Model):
    """The table of Django's cache in the database: limits that hold over all processes. Nothing else writes it."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        """Under the name that the settings give it."""

        db_table = "handfast_cache"
