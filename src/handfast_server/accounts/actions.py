"""People made, changed, sent away; the last administrator stays."""

from __future__ import annotations

from collections.abc import Sequence

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession

from handfast_server.accounts.invitations import check_rep_free
from handfast_server.accounts.models import Role, User
from handfast_server.audit.record import record
from handfast_server.decide.transaction import in_transaction
from handfast_server.refused import Refused


def make_user(email: str, password: str | None, *, name: str, roles: Sequence[str], rep: str = "") -> User:
    """Somebody whose address an administrator, or who started the service, vouches for."""
    user = User.objects.create_user(email, password, name=name, roles=[*map(str, roles)], rep=rep)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    record("accounts.made", f"user:{user.pk}", details={"roles": user.roles}, who=f"user:{user.pk}")
    return user


def do_change_user(
    user_id: int,
    *,
    name: str | None = None,
    rep: str | None = None,
    roles: Sequence[Role] | None = None,
    active: bool | None = None,
) -> User:
    """Change what is given. Who is sent away is signed out everywhere. Raises Refused."""

    def work() -> User:
        everybody = {user.pk: user for user in User.objects.select_for_update().order_by("pk")}
        user = everybody.get(user_id)
        if user is None:
            raise User.DoesNotExist
        if rep:
            check_rep_free(rep, besides=user)
        before = {"rep": user.rep, "roles": user.roles, "active": user.is_active}
        user.name = user.name if name is None else name
        user.rep = user.rep if rep is None else rep
        user.roles = user.roles if roles is None else sorted({role.value for role in roles})
        user.is_active = user.is_active if active is None else active
        if not any(each.is_active and each.has_role(Role.ADMIN) for each in everybody.values()):
            raise Refused("last_admin", "Somebody has to administer: make another administrator first.")
        user.save()
        if not user.is_active:
            _end_sessions(user)
        after = {"rep": user.rep, "roles": user.roles, "active": user.is_active}
        record("accounts.changed", f"user:{user.pk}", details={"before": before, "after": after})
        return user

    return in_transaction(work)


def _end_sessions(user: User) -> None:
    for session in UserSession.objects.filter(user=user):
        session.end()
