"""A payment of an award year, and what must have happened before it may be made."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from grants.enums import STILL_TO_PAY, ConditionKind, PaymentState
from portal.access import VisibleQuerySet
from portal.money import ZERO, MoneyField
from portal.record import Record
from sites.enums import TaxStatus
from sites.identifiers import show_ein

_AFTER_RELEASE = [PaymentState.CLEARED, PaymentState.PAID, PaymentState.VOIDED]
_AFTER_PREPARING = [PaymentState.PREPARED, *_AFTER_RELEASE]
_WAS_PAID = [PaymentState.PAID, PaymentState.VOIDED]


class PaymentQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Staff see every payment; a team those of its awards once they were announced."""
        if user.is_foundation_staff:
            return self
        return self.filter(
            award_year__award__site__in=user.seats.current().values("site"),
            award_year__award__offered_at__isnull=False,
        )


class PaymentBatchQuerySet(VisibleQuerySet):
    def visible_to(self, user):
        """Foundation staff only."""
        return self if user.is_foundation_staff else self.none()


class Payment(Record):
    """An instalment. Payee, EIN and tax status are frozen when it is prepared."""

    award_year = models.ForeignKey("grants.AwardYear", models.PROTECT, related_name="payments")
    number = models.PositiveSmallIntegerField("installment", default=1)
    amount = MoneyField()
    due_on = models.DateField("due")
    state = models.CharField(max_length=16, choices=PaymentState, default=PaymentState.SCHEDULED, editable=False)
    payee_name = models.CharField("paid to", max_length=160, blank=True)
    payee_ein = models.CharField("EIN", max_length=9, blank=True)
    payee_tax_status = models.CharField("tax status", max_length=16, choices=TaxStatus, blank=True)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    prepared_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    paid_on = models.DateField(null=True)
    bank_reference = models.CharField("reference at the bank", max_length=64, blank=True)
    hold_reason = models.TextField(blank=True)
    batch = models.ForeignKey("grants.PaymentBatch", models.PROTECT, null=True, related_name="payments")
    # The sum of its refunds.
    refunded = MoneyField(default=ZERO, editable=False)
    voided_at = models.DateTimeField(null=True)
    voided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    void_reason = models.TextField(blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "pk"]
        indexes = [
            models.Index(fields=["state", "due_on", "id"], name="payment_by_state_and_due"),
            # The queue of everything still to be paid, in its order.
            models.Index(
                fields=["due_on", "id"], name="open_payment_by_due", condition=Q(state__in=sorted(STILL_TO_PAY))
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=PaymentState.values), name="payment_state_is_known"),
            models.UniqueConstraint(fields=["award_year", "number"], name="one_payment_per_instalment"),
            models.CheckConstraint(condition=Q(amount__gt=ZERO), name="payment_of_something"),
            models.CheckConstraint(
                condition=Q(state__in=_AFTER_PREPARING, prepared_by__isnull=False, prepared_at__isnull=False)
                | (~Q(state__in=_AFTER_PREPARING) & Q(prepared_by=None, prepared_at=None)),
                name="payment_prepared_follows_state",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_AFTER_RELEASE, released_by__isnull=False, released_at__isnull=False)
                | (~Q(state__in=_AFTER_RELEASE) & Q(released_by=None, released_at=None)),
                name="payment_released_follows_state",
            ),
            models.CheckConstraint(
                condition=Q(released_by=None) | ~Q(released_by=F("prepared_by")),
                name="payment_released_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_WAS_PAID, paid_on__isnull=False) | (~Q(state__in=_WAS_PAID) & Q(paid_on=None)),
                name="payment_paid_on_follows_state",
            ),
            models.CheckConstraint(
                condition=~Q(state=PaymentState.HELD) | ~Q(hold_reason=""), name="payment_held_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state=PaymentState.VOIDED, voided_at__isnull=False, voided_by__isnull=False)
                & ~Q(void_reason="")
                | (~Q(state=PaymentState.VOIDED) & Q(voided_at=None, voided_by=None, void_reason="")),
                name="payment_voided_says_who_and_why",
            ),
            models.CheckConstraint(
                condition=Q(refunded__gte=ZERO, refunded__lte=F("amount")), name="payment_refunds_within_it"
            ),
            models.CheckConstraint(
                condition=Q(refunded=ZERO) | Q(state=PaymentState.PAID), name="payment_refunded_only_once_paid"
            ),
            models.CheckConstraint(
                condition=Q(batch=None) | Q(state__in=_AFTER_RELEASE), name="payment_in_a_batch_is_released"
            ),
        ]

    def __str__(self):
        return f"{self.reference}, year {self.award_year.number}"

    @property
    def shown_ein(self) -> str:
        """`12-3456789`, empty when it is not known or not frozen yet."""
        return show_ein(self.payee_ein) if self.payee_ein else ""


class PaymentCondition(models.Model):
    """Something that must have happened before a payment can be prepared."""

    payment = models.ForeignKey(Payment, models.CASCADE, related_name="conditions")
    kind = models.CharField(max_length=24, choices=ConditionKind)
    # What a condition of this award asks for, in words; the other kinds say it by themselves.
    text = models.TextField(blank=True)
    met_at = models.DateTimeField(null=True)
    # Who saw that it was met; empty for what the portal saw by itself.
    met_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["payment", "kind"], condition=~Q(kind=ConditionKind.OTHER), name="condition_once_per_payment"
            ),
            models.CheckConstraint(
                condition=Q(kind=ConditionKind.OTHER) & ~Q(text="") | ~Q(kind=ConditionKind.OTHER) & Q(text=""),
                name="condition_of_an_award_says_what",
            ),
            models.CheckConstraint(condition=Q(kind__in=ConditionKind.values), name="condition_kind_is_known"),
        ]

    def __str__(self):
        return self.get_kind_display()


class PaymentBatch(Record):
    """Cleared payments that go to the bank together, with the file for it and the journal for accounting.

    `amount` and `count` are of the moment it was made, as the files say. A payment that leaves it (held or cancelled
    before the bank paid) is named in the activity log.
    """

    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    amount = MoneyField()
    count = models.PositiveIntegerField()
    bank_file = models.OneToOneField("documents.Document", models.PROTECT, null=True, related_name="+")
    journal = models.OneToOneField("documents.Document", models.PROTECT, null=True, related_name="+")

    objects = PaymentBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=ZERO), name="batch_of_something"),
            models.CheckConstraint(condition=Q(count__gte=1), name="batch_of_payments"),
        ]

    def __str__(self):
        return self.reference


class Refund(Record):
    """Money that came back from a payment, for good. `Payment.refunded` is the sum of these."""

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="refunds")
    amount = MoneyField()
    received_on = models.DateField("received on")
    bank_reference = models.CharField("reference at the bank", max_length=64)
    reason = models.TextField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["received_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=ZERO), name="refund_of_something"),
            models.CheckConstraint(condition=~Q(reason=""), name="refund_says_why"),
        ]

    def __str__(self):
        return self.reference
