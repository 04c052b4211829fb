"""Numbers with right check digits are known for what they are."""

from adapters.drafting.digits import find_scheme

MELLI = ["0013542419", "0499370899", "0790419904", "0084575948", "0963695398"]
TCKN = ["10000000146", "12345678950", "38296718452", "10000000146", "12345678950"]
IMEI = [
    "490154203237518",
    "356938035643809",
    "352099001761481",
    "490154203237518",
    "356938035643809",
]


def test_national_numbers_of_iran_are_known_by_their_check_digit():
    assert find_scheme(MELLI) == ("national number", "national number of Iran")


def test_numbers_of_devices_are_known_with_hyphens_too():
    assert find_scheme([f"{n[:2]}-{n[2:]}" for n in IMEI]) == ("imei", "IMEI")


def test_numbers_of_turkiye_are_known():
    good = [n for n in TCKN if n != "38296718452"] + ["10000000146"]
    assert find_scheme(good) == ("national number", "national number of Türkiye")


def test_individual_numbers_of_kazakhstan_are_known_with_the_second_row_of_weights():
    def check(digits):
        for weights in (range(1, 12), (3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2)):
            rest = sum(int(d) * w for d, w in zip(digits, weights, strict=True)) % 11
            if rest != 10:
                return str(rest)
        return None

    begun = [f"8505123{n:04d}" for n in range(100, 160)]
    numbers = [f"{digits}{check(digits)}" for digits in begun if check(digits) is not None]
    assert find_scheme(numbers) == ("national number", "individual number of Kazakhstan")


def test_numbers_without_right_digits_are_nothing():
    assert find_scheme([str(10**9 + n * 7) for n in range(50)]) is None
    assert find_scheme(MELLI[:3]) is None
    assert find_scheme([]) is None
    assert find_scheme(["abc"] * 9) is None
