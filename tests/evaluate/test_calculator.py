from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sft_assets.evaluate.calculator import calculate, result_to_fill_in

FILLED = {
    "growth": ("计算：<<(71060317618.66-61824876512.91)/61824876512.91*100=", "14.94"),
    "half up": ("<<1/8*100=", "12.50"),
    "half up at the third decimal": ("<<0.125/100*100=", "0.13"),
    "a difference keeps its decimals": ("<<10.50-0.25=", "10.25"),
    "below zero": ("<<3-5=", "-2"),
    "separators as the answer prints them": ("<<1234567.5-7=", "1,234,560.5"),
    "a large quotient": ("<<-123456/10*100=", "-1,234,560.00"),
    "a negative operand": ("<<(-3)+1=", "-2"),
    "no negative zero": ("<<-1/1000=", "0.00"),
    "an average": ("<<(1+2+3)/3=", "2.00"),
    "only the last one is open": ("<<1+1=2>> <<2+2=", "4"),
}
LEFT_ALONE = {
    "no bracket": "1+1=",
    "already filled": "<<1+1=2",
    "already closed": "<<1+1=2>>",
    "letters": "<<f1+f2=",
    "separators": "<<1,000+1=",
    "division by zero": "<<1/0=",
    "zero by zero": "<<0/0=",
    "open bracket": "<<(1+1=",
    "two operators": "<<1+*1=",
    "two numbers": "<<(1)(2)=",
    "power": "<<9**9**9=",
    "nested too deep": "<<" + "(" * 60 + "1" + ")" * 60 + "=",
    "too long": "<<" + "1+" * 200 + "1=",
    "nothing": "",
}


@pytest.mark.parametrize(("written", "result"), FILLED.values(), ids=FILLED.keys())
def test_fills_in(written, result):
    assert result_to_fill_in(written) == result


@pytest.mark.parametrize("written", LEFT_ALONE.values(), ids=LEFT_ALONE.keys())
def test_leaves_alone(written):
    assert result_to_fill_in(written) is None


@given(st.integers(0, 10**14), st.integers(1, 10**14), st.sampled_from("+-*"))
def test_agrees_with_exact_arithmetic(a, b, sign):
    exact = {"+": a + b, "-": a - b, "*": a * b}[sign]
    assert calculate(f"{a}{sign}{b}") == Decimal(exact)


@given(st.text(alphabet="0123456789.+-*/()", max_size=40))
def test_never_crashes(expression):
    result = result_to_fill_in(f"<<{expression}=")
    assert result is None or Decimal(result.replace(",", "")).is_finite()
