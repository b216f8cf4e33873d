"""More published figures: repayments that come early, late, in parts or for the last row."""

from __future__ import annotations

from ledger.domain.allocation_rules import AllocationMode, Rule, Timing
from ledger.domain.progressive.payment_rules import FutureRule, PaymentRules
from tests.unit.ledger.domain.progressive.published import ACT_ACT, FROM_2024, case, principal_first

_INTEREST_FIRST = ("penalty", "fee", "interest", "principal")


def interest_first(future=FutureRule.NEXT):
    """Return the rules of the scenarios in which interest in advance comes before principal."""
    return PaymentRules(
        rules=tuple(Rule(timing, bucket) for timing in Timing for bucket in _INTEREST_FIRST), future=future
    )


REFUNDED = ("2024-01-01", 4, "9.9")
LARGE = ("2026-01-01", 12, "12")
_LARGE_BALANCES = """20813513.10 18592872.39 16372231.68 14151590.97 11930950.26 9710309.55 7489668.84
5269028.13 3048387.42 827746.71"""
_LARGE_PAID_OFF = "\n".join(
    [
        "23034153.81 1965846.19 254794.52 | 2220640.71 0 2220640.71",
        *(f"{balance} 2220640.71 0 | 2220640.71 2220640.71 0" for balance in _LARGE_BALANCES.split()),
        "0 827746.71 180821.92 | 1008568.63 1008568.63 0",
    ]
)

REPAYMENTS = [
    case(
        "C3248 less than a row, late",
        FROM_2024,
        "lend 2024-01-01 100; pay 2024-02-15 15",
        """83.57 16.43 .58 | 15 0 15
67.09 16.48 .53
50.47 16.62 .39
33.75 16.72 .29
16.94 16.81 .20
0 16.94 .10""",
    ),
    case(
        "C3249 a whole row, late",
        FROM_2024,
        "lend 2024-01-01 100; pay 2024-02-15 17.01",
        """83.57 16.43 .58 | 17.01 0 17.01
67.09 16.48 .53
50.47 16.62 .39
33.75 16.72 .29
16.94 16.81 .20
0 16.94 .10""",
    ),
    case(
        "C3250 two rows, one late and one early",
        FROM_2024,
        "lend 2024-01-01 100; pay 2024-02-15 34.02",
        """83.57 16.43 .58 | 17.01 0 17.01
66.84 16.73 .28 | 17.01 17.01 0
50.42 16.42 .59
33.70 16.72 .29
16.89 16.81 .20
0 16.89 .10""",
    ),
    case(
        "C3267 one late row and the last one",
        FROM_2024,
        "lend 2024-01-01 100; pay 2024-02-15 34.02",
        """83.57 16.43 .58 | 17.01 0 17.01
67.04 16.53 .48
50.32 16.72 .29
33.50 16.82 .19
17.01 16.49 .10
0 17.01 0 | 17.01 17.01 0""",
        rules=principal_first(FutureRule.LAST),
    ),
    case(
        "C3251 less than the interest so far",
        FROM_2024,
        "lend 2024-01-01 100; pay 2024-01-15 .20",
        """83.57 16.43 .58 | .20 .20 0
67.05 16.52 .49
50.43 16.62 .39
33.71 16.72 .29
16.90 16.81 .20
0 16.90 .10""",
        rules=interest_first(),
    ),
    case(
        "C3252 one cent more than the interest so far",
        FROM_2024,
        "lend 2024-01-01 100; pay 2024-01-15 .27",
        """83.57 16.43 .58 | .27 .27 0
67.05 16.52 .49
50.43 16.62 .39
33.71 16.72 .29
16.90 16.81 .20
0 16.90 .10""",
        rules=interest_first(),
    ),
    case(
        "C3253 less than a row, early",
        FROM_2024,
        "lend 2024-01-01 100; pay 2024-01-15 15",
        """83.53 16.47 .54 | 15 15 0
67.01 16.52 .49
50.39 16.62 .39
33.67 16.72 .29
16.86 16.81 .20
0 16.86 .10""",
        rules=interest_first(),
    ),
    case(
        "C3254 one cent less than a row, early",
        FROM_2024,
        "lend 2024-01-01 100; pay 2024-01-15 17",
        """83.25 16.75 .26 | 17 17 0
67.00 16.25 .76
50.38 16.62 .39
33.66 16.72 .29
16.85 16.81 .20
0 16.85 .10""",
        rules=interest_first(),
    ),
    case(
        "C3258 closed after an early repayment",
        FROM_2024,
        "lend 2024-01-01 100; pay 2024-01-15 17.01; pay 2024-01-20 83.33",
        """83.25 16.75 .26 | 17.01 17.01 0
66.32 16.93 .08 | 17.01 17.01 0
49.31 17.01 0 | 17.01 17.01 0
32.30 17.01 0 | 17.01 17.01 0
15.29 17.01 0 | 17.01 17.01 0
0 15.29 0 | 15.29 15.29 0""",
        rules=interest_first(),
    ),
    case(
        "C3259 another rate after an early repayment",
        FROM_2024,
        "lend 2024-01-01 100; pay 2024-01-15 17.01; rate 2024-01-21 4",
        """83.25 16.75 .26 | 17.01 17.01 0
66.86 16.39 .47
50.22 16.64 .22
33.53 16.69 .17
16.78 16.75 .11
0 16.78 .06""",
        as_of="2024-01-20",
        rules=interest_first(),
    ),
    case(
        "C3269 refunded in full with its interest",
        REFUNDED,
        "lend 2024-01-01 1000; pay 2024-01-22 1000; pay 2024-01-22 5.68",
        """750.54 249.46 5.68 | 255.14 255.14 0
495.40 255.14 0 | 255.14 255.14 0
240.26 255.14 0 | 255.14 255.14 0
0 240.26 0 | 240.26 240.26 0""",
        **ACT_ACT,
    ),
    case(
        "C3270 first row paid when due",
        REFUNDED,
        "lend 2024-01-01 1000; pay 2024-02-01 255.14",
        """753.25 246.75 8.39 | 255.14 0 0
504.02 249.23 5.91
253.11 250.91 4.23
0 253.11 2.05""",
        **ACT_ACT,
    ),
    case(
        "C3277 refunded in part, one row late",
        REFUNDED,
        "lend 2024-01-01 1000; pay 2024-02-14 500; pay 2024-02-14 5.96",
        """753.25 246.75 8.39 | 255.14 0 255.14
498.11 255.14 0 | 250.82 250.82 0
252.84 245.27 9.87
0 252.84 2.05""",
        **ACT_ACT,
    ),
    case(
        "C3277 and then repaid to the end",
        REFUNDED,
        "lend 2024-01-01 1000; pay 2024-02-14 500; pay 2024-02-14 5.96; pay 2024-03-01 4.33;"
        " pay 2024-04-01 255.14; pay 2024-05-01 254.88",
        """753.25 246.75 8.39 | 255.14 0 255.14
498.11 255.14 0 | 255.14 250.82 0
252.84 245.27 9.87 | 255.14 .01 0
0 252.84 2.05 | 254.89 .01 0""",
        **ACT_ACT,
    ),
    case(
        "C3278 refunded in part after a row paid when due",
        REFUNDED,
        "lend 2024-01-01 1000; pay 2024-02-01 255.14; pay 2024-02-09 500; pay 2024-02-09 5.29",
        """753.25 246.75 8.39 | 255.14 0 0
499.74 253.51 1.63 | 255.14 255.14 0
248.11 251.63 3.51 | 250.15 250.15 0
0 248.11 2.01""",
        **ACT_ACT,
    ),
    case(
        "C3278 and then repaid to the end",
        REFUNDED,
        "lend 2024-01-01 1000; pay 2024-02-01 255.14; pay 2024-02-09 500; pay 2024-02-09 5.29;"
        " pay 2024-04-01 4.99; pay 2024-05-01 250.12",
        """753.25 246.75 8.39 | 255.14 0 0
499.74 253.51 1.63 | 255.14 255.14 0
248.11 251.63 3.51 | 255.14 250.15 0
0 248.11 2.01 | 250.12 0 0""",
        **ACT_ACT,
    ),
    case(
        "C3281 a second disbursement in the first row, repaid when due",
        REFUNDED,
        "lend 2024-01-01 250; lend 2024-01-07 750; pay 2024-02-01 254.83; pay 2024-03-01 254.83;"
        " pay 2024-04-01 254.83; pay 2024-05-01 254.85; pay 2024-05-10 500",
        """752.34 247.66 7.17 | 254.83 0 0
503.41 248.93 5.90 | 254.83 0 0
252.80 250.61 4.22 | 254.83 0 0
0 252.80 2.05 | 254.85 0 0""",
        **ACT_ACT,
    ),
    case(
        "C3304 refunded in part, early",
        REFUNDED,
        "lend 2024-01-01 1000; pay 2024-01-14 500; pay 2024-01-14 1.76",
        """748.38 251.62 3.52 | 255.14 255.14 0
499.62 248.76 6.38 | 246.62 246.62 0
248.67 250.95 4.19
0 248.67 2.02""",
        as_of="2024-01-22",
        **ACT_ACT,
    ),
    case(
        "C3256 a whole row, early",
        FROM_2024,
        "lend 2024-01-01 100; pay 2024-01-15 17.01",
        """83.25 16.75 .26 | 17.01 17.01 0
67.00 16.25 .76
50.38 16.62 .39
33.66 16.72 .29
16.85 16.81 .20
0 16.85 .10""",
        rules=interest_first(),
    ),
    case(
        "C3257 two rows, early",
        FROM_2024,
        "lend 2024-01-01 100; pay 2024-01-15 34.02",
        """83.25 16.75 .26 | 17.01 17.01 0
66.24 17.01 0 | 17.01 17.01 0
50.23 16.01 1.00
33.51 16.72 .29
16.70 16.81 .20
0 16.70 .10""",
        rules=interest_first(),
    ),
    case(
        "C3314 refunded on the day of the disbursement",
        ("2024-01-01", 4, "7"),
        "lend 2024-01-01 100; pay 2024-01-01 100",
        """74.63 25.37 0 | 25.37 25.37 0
49.26 25.37 0 | 25.37 25.37 0
23.89 25.37 0 | 25.37 25.37 0
0 23.89 0 | 23.89 23.89 0""",
    ),
    case(
        "C4683 overdue before it was known",
        LARGE,
        "lend 2026-01-01 25000000",
        """23034153.81 1965846.19 254794.52
21039772.25 1994381.56 226259.15
19033564.29 2006207.96 214432.75
17000651.89 2032912.40 187728.31
14953278.10 2047373.79 173266.92
12880121.78 2073156.32 147484.39
10790752.45 2089369.33 131271.38
8680088.72 2110663.73 109976.98
6545059.84 2135028.88 85611.83
4391124.95 2153934.89 66705.82
2213793.97 2177330.98 43309.73
0 2213793.97 22562.50""",
        as_of="2026-02-23",
        **ACT_ACT,
    ),
    case(
        "C4683 paid off by component, next rows first",
        LARGE,
        "lend 2026-01-01 25000000; pay 2026-02-23 25435616.44",
        _LARGE_PAID_OFF,
        rules=principal_first(mode=AllocationMode.BY_COMPONENT),
        **ACT_ACT,
    ),
]
