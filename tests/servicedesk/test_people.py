"""Citizens and staff are one table and two worlds."""

import pytest
from django.db import IntegrityError, transaction

from servicedesk.models import User


def test_lists_of_users_hold_no_citizens(leila, sara):
    assert list(User.objects.all()) == [sara]
    assert list(User.citizens.all()) == [leila]
    assert leila not in User._default_manager.all()


def test_a_citizen_has_no_powers(leila):
    assert not leila.has_usable_password()
    assert not leila.groups.exists()
    assert not leila.get_all_permissions()


@pytest.mark.parametrize("power", [{"is_staff": True}, {"is_superuser": True}, {"password": "md5$x$y"}])
def test_the_database_refuses_a_citizen_with_powers(leila, power):
    with pytest.raises(IntegrityError), transaction.atomic():
        User.citizens.filter(pk=leila.pk).update(**power)


def test_nobody_can_edit_a_citizen_in_the_admin(signed_in, admin_user, leila):
    assert signed_in(admin_user).get(f"/admin/users/edit/{leila.pk}/").status_code == 404


def test_a_citizens_account_cannot_sign_in_with_a_password(client, leila):
    assert not client.login(username=leila.username, password="")
