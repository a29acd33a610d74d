"""The masking gate: numbers that may not become public, in every disguise people type."""

import pytest

from workflow.core.masking import personal_numbers

IDENTITY = "11010519491231002X"
CARD = "6222021234567890128"


def luhn(digits: str) -> bool:
    """The check of bank cards, written again."""
    total = sum(int(d) for d in digits[-1::-2]) + sum(sum(divmod(2 * int(d), 10)) for d in digits[-2::-2])
    return total % 10 == 0


@pytest.mark.parametrize(
    "text",
    [
        f"身份证{IDENTITY}号",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105 19491231 002X",
        "110105-1949-1231-002x",
        "110105\u200b19491231\u200b002X",
    ],
)
def test_an_identity_number_is_found_in_every_disguise(text: str) -> None:
    """Full width, spaces, hyphens and zero-width characters hide nothing."""
    assert [each.what for each in personal_numbers(text)] == ["身份证号"]


def test_an_identity_number_needs_its_check_character() -> None:
    """Eighteen digits whose check character is wrong are not an identity number."""
    assert personal_numbers("110105194912310021") == ()


def test_old_identity_numbers_are_found() -> None:
    """The fifteen digits of the cards before 1999 are found by the birthday in them."""
    assert [each.what for each in personal_numbers("110105491231002")] == ["身份证号"]
    assert personal_numbers("110105499931002") == ()


@pytest.mark.parametrize("text", ["13800001234", "138 0000 1234", "138-0000-1234", "+8613800001234"])
def test_a_mobile_number_is_found(text: str) -> None:
    """Eleven digits that begin like a mobile number, with or without the country's code."""
    assert [each.what for each in personal_numbers(f"电话{text}")] == ["手机号"]


def test_a_bank_card_is_found_by_its_check_digit() -> None:
    """Sixteen to nineteen digits that pass the card check are refused; one digit off is an order number."""
    digits = next(
        f"622202123456789{last:04d}" for last in range(10_000) if luhn(f"622202123456789{last:04d}")
    )

    assert [each.what for each in personal_numbers(f"卡号 {digits}")] == ["银行卡号"]
    assert personal_numbers(digits[:-1] + str((int(digits[-1]) + 1) % 10)) == ()


@pytest.mark.parametrize(
    "text", ["村委会办公室 0539-6212345", "2026年3月11日至3月26日", "48000元", "371329105201-2026-0001"]
)
def test_what_a_notice_needs_may_stand(text: str) -> None:
    """Office telephones, dates, amounts and matter numbers are no personal numbers."""
    assert personal_numbers(text) == ()


def test_the_place_in_the_text_is_told() -> None:
    """The position is that of the text as typed, so that the form can point at it."""
    found = personal_numbers("请拨打 138 0000 1234 联系")[0]

    assert (found.start, found.end) == (4, 17)
