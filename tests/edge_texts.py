"""Texts that files of other programs get wrong, for the tests of the downloads."""

from __future__ import annotations

import unicodedata

FORMULAS = (
    '=HYPERLINK("http://127.0.0.1:1/";"bấm vào đây")',
    "=1+1",
    "=cmd|'/c calc'!A1",
    "+84 912 000 000",
    "+1+1",
    "-2+3",
    "- Bà con góp công",
    "@SUM(1,2)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "'=1+1",
    "''@A1",
    "＝1+1",
    "＠SUM(1)",
    '"=1+1"',
    '","=1+1',
    '";=1+1;"',
    "cầu;=1+1;đường",
    "cầu\t=1+1\tđường",
    "{=1+1}",
)
TEXTS = (
    "Dân vận khéo",
    unicodedata.normalize("NFD", "Tiếng Việt tách dấu: đường, thuở, khướu"),
    'có “ngoặc kép”, \'ngoặc đơn\', "thẳng" và ""đôi""',
    "một dòng\nhai dòng\n\nbốn dòng",
    "dòng Windows\r\ndòng Mac\rhết",
    'dấu phẩy, chấm phẩy; tab\tgạch | xuyệt \\ \\" \\n',
    " trống trước và sau ",
    "mặt cười 😀, gia đình 👩‍👩‍👧‍👦, cờ 🇻🇳",
    "chữ ngoài mặt phẳng cơ bản: 𠀀𡨸喃 𝒟",
    "đảo chiều \u202egnôht\u202c, ép \u200fphải\u200e, khối \u2067abc\u2069",
    "khoảng trắng lạ:\u00a0\u2009\u200b\u3000|\ufeff|\u00ad",
    "hết dòng lạ \u2028 và \u2029 và \x85 và \x7f",
    "rỗng \x00 giữa, điều khiển \x01\x08\x0b\x0c\x1f, không phải chữ \ufffe\uffff",
    "<b>&amp; &lt;script&gt;</b> ]]> <!-- -->",
    "_x0041_ không phải A, _x000D_ không phải xuống dòng",
    "\ufeffdấu thứ tự byte ở đầu",
)
LONG = ("dài " * 12_000, "😀" * 20_000, "=" + "x" * 40_000)
# What a program takes for a number, a date or an error where a file does not say what is text: CSV cannot say it.
NUMBERLIKE = ("0912000111", "1/2", "1e5", "TRUE", "#N/A", "12.500", "9007199254740993")


def as_shown(text: str) -> str:
    """What a spreadsheet can hold of a text: NFC, lines ended by LF, U+FFFD for what no cell can hold."""
    forbidden = {*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF}
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return "".join("\ufffd" if ord(character) in forbidden else character for character in lines)
