"""Pages of the Dagster UI in a headless browser: their words and their picture."""

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

ZOOMED_OUT = (2000, 1100)


@contextmanager
def browser() -> Iterator[Any]:
    """Yield a headless Chromium; skip the test where there is none."""
    webdriver = pytest.importorskip("selenium.webdriver")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if chromium is None or driver is None:
        pytest.skip("no chromium and chromedriver here")
    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    width, height = ZOOMED_OUT
    for argument in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        f"--window-size={width},{height}",
    ):
        options.add_argument(argument)
    service = webdriver.chrome.service.Service(driver)
    opened = webdriver.Chrome(options=options, service=service)
    try:
        yield opened
    finally:
        opened.quit()


def read_page(opened: Any, url: str, words: list[str], picture: Path, seconds: float = 90) -> str:
    """Open ``url``, wait until all ``words`` stand on it, keep a picture and return its text."""
    opened.get(url)
    deadline = time.monotonic() + seconds
    while True:
        text = str(opened.execute_script("return document.body.innerText"))
        missing = [word for word in words if word not in text]
        if not missing:
            break
        if time.monotonic() > deadline:
            opened.save_screenshot(str(picture))
            pytest.fail(f"{url} shows no {missing} (see {picture}); it shows:\n{text[:3000]}")
        time.sleep(1)
    time.sleep(2)  # animations
    opened.save_screenshot(str(picture))
    return text
