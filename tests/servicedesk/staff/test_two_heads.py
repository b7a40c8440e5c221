"""Two heads at once: whoever lost the right a moment ago changes nothing, and the unit keeps a head."""

import threading
import time

import pytest
from django.db import connection, transaction

from servicedesk.models import Leading, UnitMembership
from servicedesk.roles import Role

from .unit_steps import page_about, part_of, role_of


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_of_two_heads_who_take_the_role_from_each_other_one_stays(signed_in, mina, sara, water):
    UnitMembership.objects.filter(user=sara).update(role=Role.HEAD)
    browser, address, codes = signed_in(sara), page_about(mina, water), []

    def click():
        try:
            codes.append(browser.post(address, {"do": "role", "role": "clerk"}).status_code)
        finally:
            connection.close()

    second = threading.Thread(target=click)
    with transaction.atomic():
        unit = Leading.locked().get(pk=water.pk)
        Leading(unit, mina).change_role(part_of(sara, water), Role.CLERK)
        second.start()
        _wait_until_somebody_waits_for_a_lock()
    second.join()
    assert codes == [404]
    assert (role_of(mina, water), role_of(sara, water)) == (Role.HEAD, Role.CLERK)


def _wait_until_somebody_waits_for_a_lock():
    for _try in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_locks WHERE NOT granted")
            if cursor.fetchone():
                return
        time.sleep(0.05)
    pytest.fail("The click never came to the unit's lock.")
