"""Who sees what: every list of the admin times every role, and what a page leaves out."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from config.admin.links import list_url, record_url
from config.identities import ACCOUNTANT, ADMINISTRATOR, AUDITOR, COLLECTOR, REVIEWER
from config.roles import PERMISSIONS

ROLES = (REVIEWER, COLLECTOR, ACCOUNTANT, AUDITOR, ADMINISTRATOR)
EVERYBODY = set(ROLES)
ABOVE = {AUDITOR, ADMINISTRATOR}
# One row per list: who may open it. Everybody else is refused.
MAY_SEE = {
    "lending.legalentity": EVERYBODY,
    "lending.shopaccount": EVERYBODY,
    "lending.orderimport": {REVIEWER} | ABOVE,
    "lending.application": {REVIEWER} | ABOVE,
    "lending.creditline": {REVIEWER} | ABOVE,
    "lending.blacklistentry": {REVIEWER, COLLECTOR} | ABOVE,
    "lending.membership": ABOVE,
    "lending.sandboxpayment": ABOVE,
    "ledger.loan": EVERYBODY,
    "ledger.proposal": EVERYBODY,
    "ledger.repaymentrecord": EVERYBODY,
    "ledger.settlementaccount": EVERYBODY,
    "ledger.receiptrecord": EVERYBODY,
    "ledger.withdrawal": EVERYBODY,
    "ledger.productrecord": EVERYBODY,
    "ledger.journalrecord": {ACCOUNTANT} | ABOVE,
    "ledger.glaccount": {ACCOUNTANT} | ABOVE,
    "ledger.dayrecord": {ACCOUNTANT} | ABOVE,
    "ledger.periodclose": {ACCOUNTANT} | ABOVE,
    "ledger.eventrecord": {REVIEWER, ACCOUNTANT} | ABOVE,
    "ledger.esoutbox": ABOVE,
    "lending.debitrecord": {COLLECTOR, ACCOUNTANT} | ABOVE,
    "collection.overduerecord": {REVIEWER, COLLECTOR} | ABOVE,
    "collection.noticerecord": {REVIEWER, COLLECTOR} | ABOVE,
    "django_celery_beat.periodictask": ABOVE,
    "django_celery_beat.intervalschedule": ABOVE,
    "django_celery_beat.crontabschedule": ABOVE,
    "auth.user": ABOVE,
    "auth.group": ABOVE,
    "axes.accessattempt": ABOVE,
    "axes.accesslog": ABOVE,
    "allauth_idp_oidc.client": ABOVE,
    "allauth_idp_oidc.token": ABOVE,
}


class TestTheTable:
    def test_has_a_row_for_every_list_of_the_admin(self):
        assert {model._meta.label_lower for model in admin.site._registry} == set(MAY_SEE)

    def test_names_only_permissions_that_exist(self, roles):
        known = {
            f"{app}.{codename}"
            for app, codename in Permission.objects.values_list("content_type__app_label", "codename")
        }
        assert set().union(*PERMISSIONS.values()) <= known

    def test_gives_no_role_a_permission_to_write_a_row_of_the_business(self):
        writing = {
            permission
            for held in PERMISSIONS.values()
            for permission in held
            if not permission.partition(".")[2].startswith("view_")
            and permission.startswith(("ledger.", "lending.", "collection."))
        }
        memberships = {f"lending.{verb}_membership" for verb in ("add", "change", "delete")}
        own = {
            "lending.freeze_creditline",
            "ledger.close_periodclose",
            "ledger.make_proposal",
            "ledger.decide_proposal",
            "ledger.request_withdrawal",
        }
        assert writing == own | memberships


@pytest.mark.parametrize("label", sorted(MAY_SEE))
@pytest.mark.parametrize("role", ROLES)
def test_a_list_opens_for_those_who_may_see_it_and_for_nobody_else(staff, role, label):
    expected = 200 if role in MAY_SEE[label] else 403
    assert staff(role).get(list_url(label)).status_code == expected


@pytest.mark.parametrize("page", ["trial_balance", "general_ledger", "tie_out", "funding"])
@pytest.mark.parametrize("role", ROLES)
def test_a_page_of_balances_opens_for_those_who_may_see_the_chart(staff, role, page):
    expected = 200 if role in MAY_SEE["ledger.glaccount"] else 403
    assert staff(role).get(reverse(f"admin:ledger_glaccount_{page}")).status_code == expected


@pytest.mark.parametrize("role", ROLES)
def test_the_postings_of_an_account_open_for_those_who_may_see_the_chart(staff, role):
    expected = 200 if role in MAY_SEE["ledger.glaccount"] else 403
    assert staff(role).get(reverse("admin:ledger_glaccount_postings", args=["1301"])).status_code == expected


@pytest.mark.parametrize("role", ROLES)
def test_the_form_that_closes_a_month_opens_for_accountants_only(staff, role):
    answer = staff(role).get(reverse("admin:ledger_periodclose_close_month"))
    assert (answer.status_code == 200) == (role == ACCOUNTANT)


@pytest.mark.parametrize("role", ROLES)
def test_the_sidebar_leads_only_to_lists_that_open(staff, role):
    page = staff(role).get(reverse("admin:index")).content.decode()
    shown = {label for label in MAY_SEE if f'href="{list_url(label)}"' in page}
    schedules = {"django_celery_beat.intervalschedule", "django_celery_beat.crontabschedule"}
    assert shown == {label for label, who in MAY_SEE.items() if role in who} - schedules


class TestThePageOfARecord:
    def sections(self, client, label, key):
        return [section.title for section in client.get(record_url(label, key)).context["sections"]]

    def test_shows_a_reviewer_the_applications_and_events_of_an_entity(self, staff, lent):
        shown = self.sections(staff(REVIEWER), "lending.legalentity", lent.seller.entity_id)
        assert {"Applications", "Credit lines", "Loans", "Notices", "Blacklist", "Events"} <= set(shown)

    def test_shows_a_collector_no_applications_lines_or_events(self, staff, lent):
        shown = self.sections(staff(COLLECTOR), "lending.legalentity", lent.seller.entity_id)
        assert {"Shop accounts", "Loans", "Overdue history", "Notices"} <= set(shown)
        assert not {"Applications", "Credit lines", "Events"} & set(shown)

    def test_shows_a_collector_no_journal_lines_of_a_loan(self, staff, lent):
        shown = self.sections(staff(COLLECTOR), "ledger.loan", lent.loan_id)
        assert not {"Journal", "Memo journal", "Events"} & set(shown)

    def test_is_refused_when_the_list_is(self, staff, lent):
        client = staff(COLLECTOR)
        assert client.get(record_url("lending.creditline", lent.seller.line_id)).status_code == 403


class TestTheOverview:
    def tiles(self, client):
        return {tile.title for tile in client.get(reverse("admin:index")).context["tiles"]}

    def test_shows_a_collector_no_lines_and_no_outbox(self, staff, lent):
        shown = self.tiles(staff(COLLECTOR))
        assert shown == {"Business date", "Legal entities", "Loans running", "Loans overdue"}

    def test_shows_only_those_who_may_see_the_books_the_trial_balance(self, staff, lent):
        titles = {
            role: {table["title"] for table in staff(role).get(reverse("admin:index")).context["tables"]}
            for role in ROLES
        }
        assert {role for role, shown in titles.items() if "Trial balance" in shown} == {ACCOUNTANT} | ABOVE


class TestOutsiders:
    def test_somebody_who_is_not_signed_in_is_asked_to_sign_in(self, client, db):
        answer = client.get(list_url("ledger.loan"))
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("admin:login"))

    def test_a_signed_in_borrower_is_no_staff(self, client, db):
        client.force_login(User.objects.create(username="borrower"))
        assert client.get(list_url("ledger.loan")).status_code == 302

    def test_staff_without_a_role_see_no_list(self, client, roles):
        client.force_login(User.objects.create(username="newcomer", is_staff=True))
        assert client.get(list_url("ledger.loan")).status_code == 403
