"""Figures published with the end-to-end scenarios of an open-source lending system, row by row.

Each case names its scenario by the number it is published under. A row is the balance after it, principal and
interest; after a bar what was paid, in advance and late.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ledger.domain.allocation_rules import AllocationMode, Rule, Timing
from ledger.domain.progressive.conventions import (
    DaysInMonth,
    DaysInYear,
    InterestMethod,
    InterestPeriod,
    PreClose,
    Rest,
)
from ledger.domain.progressive.payment_rules import FutureRule, PaymentRules

ACT_ACT = {"days_in_year": DaysInYear.ACTUAL, "days_in_month": DaysInMonth.ACTUAL}
ACT_365 = {"days_in_year": DaysInYear.D365, "days_in_month": DaysInMonth.ACTUAL}
TO_ROW_END = {"rest": Rest.SAME_AS_REPAYMENT, "pre_close": PreClose.REST_DATE}
DAILY_TO_ROW_END = {"pre_close": PreClose.REST_DATE}
FIXED = {"recalculates": False}
FLAT = {
    "method": InterestMethod.FLAT,
    "recalculates": False,
    "interest_period": InterestPeriod.SAME_AS_REPAYMENT,
}


def principal_first(future=FutureRule.NEXT, mode=AllocationMode.BY_INSTALMENT):
    """Return the rules of these scenarios: penalty, fee, principal, interest at every time."""
    order = ("penalty", "fee", "principal", "interest")
    return PaymentRules(
        rules=tuple(Rule(timing, bucket) for timing in Timing for bucket in order), future=future, mode=mode
    )


@dataclass(frozen=True)
class Case:
    """One published schedule."""

    name: str
    agreed: tuple
    facts: str
    rows: str
    as_of: str | None = None
    options: dict = field(default_factory=dict)


def case(name, agreed, facts, rows, *, as_of=None, **options):
    options.setdefault("rules", principal_first())
    return Case(name, agreed, facts, rows, as_of, options)


FROM_2024 = ("2024-01-01", 6, "7")
SIX_AT_9 = ("2024-01-01", 6, "9.4822")
PLAIN_9 = """83.66 16.34 .79
67.19 16.47 .66
50.59 16.60 .53
33.86 16.73 .40
17.00 16.86 .27
0 17.00 .13"""

PUBLISHED = [
    case(
        "C3152 actual/actual",
        ("2023-12-12", 6, "12"),
        "lend 2023-12-12 10000",
        """8376.25 1623.75 101.81
6735.83 1640.42 85.14
5074.32 1661.51 64.05
3400.34 1673.98 51.58
1708.23 1692.11 33.45
0 1708.23 17.36""",
        **ACT_ACT,
    ),
    case(
        "C3153 actual/actual, decimal rate",
        ("2023-12-12", 6, "9.4822"),
        "lend 2023-12-12 10000",
        """8367.33 1632.67 80.45
6721.41 1645.92 67.20
5058.79 1662.62 50.50
3386.30 1672.49 40.63
1699.50 1686.80 26.32
0 1699.50 13.65""",
        **ACT_ACT,
    ),
    case(
        "C3164 actual/actual, equalised",
        ("2023-12-12", 5, "10.65"),
        "lend 2023-12-12 331.77",
        """266.63 65.14 3.00
200.90 65.73 2.41
134.46 66.44 1.70
67.53 66.93 1.21
0 67.53 .59""",
        **ACT_ACT,
    ),
    case(
        "C3154 30/360",
        ("2024-01-01", 6, "12"),
        "lend 2024-01-01 100",
        """83.75 16.25 1.00
67.34 16.41 .84
50.76 16.58 .67
34.02 16.74 .51
17.11 16.91 .34
0 17.11 .17""",
    ),
    case("C3155 30/360, decimal rate", SIX_AT_9, "lend 2024-01-01 100", PLAIN_9),
    case(
        "C3165 30/360, equalised",
        ("2024-01-01", 5, "12.3"),
        "lend 2024-01-01 75",
        """60.30 14.70 .77
45.45 14.85 .62
30.45 15.00 .47
15.29 15.16 .31
0 15.29 .16""",
    ),
    case(
        "C3157 30/360, every two months",
        ("2024-01-01", 3, "12"),
        "lend 2024-01-01 100",
        """67.32 32.68 2.00
33.99 33.33 1.35
0 33.99 .68""",
        every=2,
    ),
    case(
        "C3158 30/360, every two weeks",
        SIX_AT_9,
        "lend 2024-01-01 100",
        """83.49 16.51 .37
66.92 16.57 .31
50.29 16.63 .25
33.60 16.69 .19
16.84 16.76 .12
0 16.84 .06""",
        unit="week",
        every=2,
    ),
    case(
        "C3159 actual/365",
        ("2024-01-01", 6, "12"),
        "lend 2024-01-01 100",
        """83.77 16.23 1.02
67.32 16.45 .80
50.76 16.56 .69
34.01 16.75 .50
17.11 16.90 .35
0 17.11 .17""",
        **ACT_365,
    ),
    case(
        "C3160 actual/365, decimal rate",
        SIX_AT_9,
        "lend 2024-01-01 100",
        """83.68 16.32 .81
67.18 16.50 .63
50.59 16.59 .54
33.85 16.74 .39
16.99 16.86 .27
0 16.99 .13""",
        **ACT_365,
    ),
    case(
        "C3161 30/360, down payment",
        ("2024-01-01", 5, "5"),
        "lend 2024-01-01 100",
        """75.00 25.00 0
60.12 14.88 .31
45.18 14.94 .25
30.18 15.00 .19
15.12 15.06 .13
0 15.12 .06""",
        down="25",
    ),
    case(
        "C3166 actual/365, every 15 days, equalised",
        SIX_AT_9,
        "lend 2024-01-01 100",
        """83.49 16.51 .39
66.92 16.57 .33
50.28 16.64 .26
33.58 16.70 .20
16.81 16.77 .13
0 16.81 .07""",
        unit="day",
        every=15,
        **ACT_365,
    ),
    case(
        "C3167 actual/365, equalisation that brings nothing is dropped",
        ("2024-01-01", 6, "15.678"),
        "lend 2024-01-01 100",
        """83.90 16.10 1.33
67.52 16.38 1.05
50.99 16.53 .90
34.22 16.77 .66
17.25 16.97 .46
0 17.25 .22""",
        **ACT_365,
    ),
    case(
        "C3194 a second disbursement in the first row",
        SIX_AT_9,
        "lend 2024-01-01 100; lend 2024-01-08 200",
        """250.68 49.32 2.01
201.33 49.35 1.98
151.59 49.74 1.59
101.46 50.13 1.20
50.93 50.53 .80
0 50.93 .40""",
        **FIXED,
    ),
    case(
        "C3195 first row repaid early, without recalculation",
        SIX_AT_9,
        "lend 2024-01-01 100; pay 2024-01-05 17.13",
        PLAIN_9.replace("83.66 16.34 .79", "83.66 16.34 .79 | 17.13 17.13 0"),
        **FIXED,
    ),
    case(
        "C3195 and then a second disbursement",
        SIX_AT_9,
        "lend 2024-01-01 100; pay 2024-01-05 17.13; lend 2024-01-08 200",
        """250.68 49.32 2.01 | 17.13 17.13 0
201.33 49.35 1.98
151.59 49.74 1.59
101.46 50.13 1.20
50.93 50.53 .80
0 50.93 .40""",
        **FIXED,
    ),
    case(
        "C3196 last row repaid early, without recalculation",
        SIX_AT_9,
        "lend 2024-01-01 100; pay 2024-01-05 17.13",
        PLAIN_9.replace("0 17.00 .13", "0 17.00 .13 | 17.13 17.13 0"),
        rules=principal_first(FutureRule.LAST),
        **FIXED,
    ),
    case(
        "C3196 and then a second disbursement",
        SIX_AT_9,
        "lend 2024-01-01 100; pay 2024-01-05 17.13; lend 2024-01-08 200",
        """250.68 49.32 2.01
201.33 49.35 1.98
151.59 49.74 1.59
101.46 50.13 1.20
50.93 50.53 .80
0 50.93 .40 | 17.13 17.13 0""",
        rules=principal_first(FutureRule.LAST),
        **FIXED,
    ),
    case(
        "C3197 first row repaid when due",
        SIX_AT_9,
        "lend 2024-01-01 100; pay 2024-02-01 17.13",
        PLAIN_9.replace("83.66 16.34 .79", "83.66 16.34 .79 | 17.13 0 0"),
        **FIXED,
    ),
    case(
        "C3197 and a second disbursement in the middle of the second row",
        SIX_AT_9,
        "lend 2024-01-01 100; pay 2024-02-01 17.13; lend 2024-02-15 200",
        """83.66 16.34 .79 | 17.13 0 0
227.21 56.45 1.48
171.08 56.13 1.80
114.50 56.58 1.35
57.47 57.03 .90
0 57.47 .45""",
        **FIXED,
    ),
    case(
        "C3198 a second disbursement near the end of the second row",
        SIX_AT_9,
        "lend 2024-01-01 100; pay 2024-02-01 17.13; lend 2024-02-25 200",
        """83.66 16.34 .79 | 17.13 0 0
226.77 56.89 .93
170.74 56.03 1.79
114.27 56.47 1.35
57.35 56.92 .90
0 57.35 .45""",
        **FIXED,
    ),
    case(
        "C3199 a second disbursement on a due date",
        SIX_AT_9,
        "lend 2024-01-01 100; lend 2024-03-01 100",
        """83.66 16.34 .79
67.19 16.47 .66
125.88 41.31 1.32
84.24 41.64 .99
42.28 41.96 .67
0 42.28 .33""",
        **FIXED,
    ),
    case(
        "C3201 down payment",
        ("2024-01-01", 5, "9.4822"),
        "lend 2024-01-01 100",
        """75.00 25.00 0
60.23 14.77 .59
45.35 14.88 .48
30.35 15.00 .36
15.23 15.12 .24
0 15.23 .12""",
        down="25",
        **FIXED,
    ),
    case(
        "C3237 paid when due",
        FROM_2024,
        "lend 2024-01-01 100; pay 2024-02-01 17.01",
        """83.57 16.43 .58 | 17.01 0 0
67.05 16.52 .49
50.43 16.62 .39
33.71 16.72 .29
16.90 16.81 .20
0 16.90 .10""",
        **TO_ROW_END,
    ),
    case(
        "C3237 second row overdue, charged to the end of the third",
        FROM_2024,
        "lend 2024-01-01 100; pay 2024-02-01 17.01",
        """83.57 16.43 .58 | 17.01 0 0
67.05 16.52 .49
50.53 16.52 .49
33.81 16.72 .29
17.00 16.81 .20
0 17.00 .10""",
        as_of="2024-03-10",
        **TO_ROW_END,
    ),
    case(
        "C3238 second row paid in part and late",
        FROM_2024,
        "lend 2024-01-01 100; pay 2024-02-01 17.01; pay 2024-03-05 10",
        """83.57 16.43 .58 | 17.01 0 0
67.05 16.52 .49 | 10 0 10
50.44 16.61 .40
33.72 16.72 .29
16.91 16.81 .20
0 16.91 .10""",
    ),
    case(
        "C3240 the rest of the second row still overdue",
        FROM_2024,
        "lend 2024-01-01 100; pay 2024-02-01 17.01; pay 2024-03-05 10",
        """83.57 16.43 .58 | 17.01 0 0
67.05 16.52 .49 | 10 0 10
50.45 16.60 .41
33.73 16.72 .29
16.92 16.81 .20
0 16.92 .10""",
        as_of="2024-03-10",
    ),
    case(
        "C3245 closed while overdue, charged to the day",
        FROM_2024,
        "lend 2024-01-01 100; pay 2024-02-15 100.86",
        """83.57 16.43 .58 | 17.01 0 17.01
66.84 16.73 .28 | 17.01 17.01 0
49.83 17.01 0 | 17.01 17.01 0
32.82 17.01 0 | 17.01 17.01 0
15.81 17.01 0 | 17.01 17.01 0
0 15.81 0 | 15.81 15.81 0""",
    ),
    case(
        "C3246 closed while overdue, charged to the end of the row",
        FROM_2024,
        "lend 2024-01-01 100; pay 2024-02-15 101.16",
        """83.57 16.43 .58 | 17.01 0 17.01
67.14 16.43 .58 | 17.01 17.01 0
50.13 17.01 0 | 17.01 17.01 0
33.12 17.01 0 | 17.01 17.01 0
16.11 17.01 0 | 17.01 17.01 0
0 16.11 0 | 16.11 16.11 0""",
        **DAILY_TO_ROW_END,
    ),
    case(
        "C3915 another rate from the first day of the second row",
        FROM_2024,
        "lend 2024-01-01 100; pay 2024-02-01 17.01; pay 2024-03-01 17.01; rate 2024-02-02 4",
        """83.57 16.43 .58 | 17.01 0 0
66.97 16.60 .28 | 16.88 0 0
50.31 16.66 .22 | .13 .13 0
33.60 16.71 .17
16.83 16.77 .11
0 16.83 .06""",
        as_of="2024-04-01",
    ),
    case(
        "C3916 another rate in the middle of the second row",
        FROM_2024,
        "lend 2024-01-01 100; pay 2024-02-01 17.01; pay 2024-03-01 17.01; rate 2024-02-16 4",
        """83.57 16.43 .58 | 17.01 0 0
67.05 16.52 .38 | 16.90 0 0
50.37 16.68 .22 | .11 .11 0
33.64 16.73 .17
16.85 16.79 .11
0 16.85 .06""",
        as_of="2024-04-01",
    ),
    case(
        "C3475 pause within a row",
        FROM_2024,
        "lend 2024-01-01 100; pay 2024-02-01 17.01; pause 2024-02-05 2024-02-10",
        """83.57 16.43 .58 | 17.01 0 0
66.95 16.62 .39
50.33 16.62 .39
33.61 16.72 .29
16.80 16.81 .20
0 16.80 .10""",
    ),
    case(
        "C3476 pause over a due date",
        FROM_2024,
        "lend 2024-01-01 100; pay 2024-02-01 17.01; pause 2024-02-10 2024-03-10",
        """83.57 16.43 .58 | 17.01 0 0
66.69 16.88 .13
49.96 16.73 .28
33.24 16.72 .29
16.42 16.82 .19
0 16.42 .10""",
    ),
    case(
        "C3477 pause known only after its row was paid",
        FROM_2024,
        "lend 2024-01-01 100; pay 2024-02-01 17.01; pay 2024-03-01 17.01; pause 2024-02-05 2024-02-10",
        """83.57 16.43 .58 | 17.01 0 0
66.95 16.62 .39 | 17.01 0 0
50.33 16.62 .39
33.61 16.72 .29
16.80 16.81 .20
0 16.80 .10""",
    ),
    case(
        "C3836 flat, actual/actual",
        ("2024-06-01", 3, "12"),
        "lend 2024-06-01 1000",
        """666.67 333.33 10
333.34 333.33 10
0 333.34 10""",
        partial_periods=False,
        **ACT_ACT,
        **FLAT,
    ),
    case(
        "C3836 flat, a second disbursement on a due date",
        ("2024-06-01", 3, "12"),
        "lend 2024-06-01 1000; lend 2024-08-01 250",
        """666.67 333.33 10
333.34 333.33 10
0 583.34 12.50""",
        partial_periods=False,
        **ACT_ACT,
        **FLAT,
    ),
    case(
        "C3836 flat, repaid as a whole",
        ("2024-06-01", 3, "12"),
        "lend 2024-06-01 1000; lend 2024-08-01 250; pay 2024-08-01 1282.50",
        """666.67 333.33 10 | 343.33 0 343.33
333.34 333.33 10 | 343.33 0 0
0 583.34 12.50 | 595.84 595.84 0""",
        partial_periods=False,
        **ACT_ACT,
        **FLAT,
    ),
    case(
        "C3837 flat, a second disbursement within a row that is charged whole",
        ("2024-06-01", 3, "12"),
        "lend 2024-06-01 1000; lend 2024-07-15 250",
        """666.67 333.33 10
458.33 458.34 12.50
0 458.33 12.50""",
        partial_periods=False,
        **FLAT,
    ),
]
