import pytest

from sft_assets.language_models.jobs import DivergedError
from sft_assets.train.journal import Journal, describe_fit


def journal_of(losses, validation=()):
    return Journal(
        [{"step": n, "loss": loss} for n, loss in enumerate(losses, start=1)],
        [{"step": n, "validation_loss": loss} for n, loss in enumerate(validation, start=1)],
    )


STEADY = {
    "falling": [5 - 0.1 * n for n in range(40)],
    "level": [3.0] * 40,
    "a spike": [*[2.0] * 30, 9.0, *[2.0] * 9],
    "a rise that is small": [*[0.2] * 20, *[0.9] * 20],
    "too short to tell": [*[1.0] * 9, *[9.0] * 10],
    "nothing": [],
}
RISING = {
    "a rise that lasts": [*[2.0] * 20, *[4.5] * 10],
    "a slow rise": [0.5 + 0.1 * n for n in range(60)],
    "after a good start": [*[5 - 0.2 * n for n in range(20)], *[8.0] * 10],
}


@pytest.mark.parametrize("losses", STEADY.values(), ids=STEADY.keys())
def test_goes_on(losses):
    journal_of(losses).refuse_divergence()


@pytest.mark.parametrize("losses", RISING.values(), ids=RISING.keys())
def test_diverges(losses):
    with pytest.raises(DivergedError, match="learning_rate"):
        journal_of(losses).refuse_divergence()


@pytest.mark.parametrize(
    ("validation", "patience", "best", "over"),
    [
        ([], 1, None, False),
        ([3.0, 2.0], 1, 2, False),
        ([2.0, 3.0], 1, 1, True),
        ([2.0, 3.0], 2, 1, False),
        ([2.0, 3.0, 2.5], 2, 1, True),
        ([2.0, 2.0], 1, 1, True),
        ([2.0, 3.0, 4.0], None, 1, False),
    ],
)
def test_early_stopping_follows_from_the_rows(validation, patience, best, over):
    journal = journal_of([], validation)
    assert (journal.best_step, journal.is_over(patience)) == (best, over)


def test_a_journal_survives_its_file():
    journal = journal_of([2.0, 1.5], [1.25])
    assert Journal.from_text(journal.as_text()) == journal


FITS = {
    "learns": ([2.0, 1.0], 2.0, [1.5]),
    "does not learn": ([2.0, 2.0], 2.0, [2.0]),
    "over-fits": ([2.0, 0.1], 2.0, [1.0, 1.6]),
    "unknown": ([2.0, 0.1], None, []),
}


@pytest.mark.parametrize(("verb", "figures"), FITS.items(), ids=FITS.keys())
def test_the_fit_is_told_in_words(verb, figures):
    assert describe_fit(*figures).startswith(verb)


def test_a_model_made_worse_than_untrained_over_fits():
    assert describe_fit([2.0, 0.1], 2.0, [2.5]).startswith("over-fits: validation loss was 2.000")
