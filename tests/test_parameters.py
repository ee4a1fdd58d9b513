import pytest

from seg_utils import parameters, paths
from seg_utils.errors import ParameterError


def test_nothing_given_means_the_defaults():
    assert parameters.parse([]) == parameters.Parameters()


def test_an_empty_value_means_the_default():
    assert parameters.parse(["K=", "SCALE= "]) == parameters.Parameters()


def test_every_parameter_is_read(tmp_path):
    data, mapping = tmp_path / "CC GENERAL's ü.csv", tmp_path / "mapping.yml"
    data.touch()
    mapping.touch()
    words = [
        "K=7",
        f"DATA={data}",
        f"COLUMNS={mapping}",
        "FEATURES=BALANCE, PURCHASES",
        "BAD_ROWS=drop",
        "SCALE=Robust",
        "IMPUTE=mean",
        "KMAX=12",
        "SEED=7",
        "FORMATS=pdf",
        "RENDERER=builtin",
        "QUARTO=/opt/quarto",
        f"OUTPUTS={tmp_path}",
    ]
    assert parameters.parse(words) == parameters.Parameters(
        k=7,
        data=data.resolve(),
        columns=mapping.resolve(),
        features=("BALANCE", "PURCHASES"),
        bad_rows="drop",
        scale="robust",
        impute="mean",
        kmax=12,
        seed=7,
        formats=("pdf",),
        renderer="builtin",
        quarto="/opt/quarto",
        outputs=tmp_path.resolve(),
    )


def test_auto_leaves_k_to_the_evidence():
    assert parameters.parse(["K=auto"]).k is None


@pytest.mark.parametrize(
    ("word", "allowed", "example"),
    [
        ("K=1", "from 2 to 20, or auto", "K=7"),
        ("K=21", "from 2 to 20, or auto", "K=7"),
        ("K=seven", "from 2 to 20, or auto", "K=7"),
        ("K=7.0", "from 2 to 20, or auto", "K=7"),
        ("K=-3", "from 2 to 20, or auto", "K=7"),
        ("K=७", "from 2 to 20, or auto", "K=7"),
        ("SCALE=lag", "log, standard, robust", "SCALE=log"),
        ("IMPUTE=zero", "median, mean", "IMPUTE=median"),
        ("SEED=-1", "from 0 to 2147483647", "SEED=42"),
        ("SEED=99999999999", "from 0 to 2147483647", "SEED=42"),
        ("KMAX=2", "from 3 to 20", "KMAX=20"),
        ("FORMATS=html,doc", "html, pdf", "FORMATS='html pdf'"),
        ("RENDERER=word", "auto, quarto, builtin", "RENDERER=auto"),
        ("BAD_ROWS=mend", "stop, drop", "BAD_ROWS=stop"),
        ("DATA=nowhere.csv", "path of a file", "DATA=customers.csv"),
        ("COLUMNS=nowhere.yml", "path of a file", "COLUMNS=mapping.yml"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_allowed_and_an_example(word, allowed, example):
    with pytest.raises(ParameterError) as caught:
        parameters.parse([word])
    message = str(caught.value)
    assert message.startswith(word)
    assert allowed in message
    assert message.endswith(example)
    assert "\n" not in message


def test_a_folder_is_not_a_customers_file(tmp_path):
    with pytest.raises(ParameterError, match="is a folder, not a file"):
        parameters.parse([f"DATA={tmp_path}"])


def test_an_unknown_parameter_gets_the_nearest_known_one():
    with pytest.raises(ParameterError, match=r"unknown parameter 'SCLAE=log'.*did you mean SCALE=\?"):
        parameters.parse(["SCLAE=log"])


def test_more_segments_than_customers_are_refused():
    with pytest.raises(
        ParameterError, match=r"K=7 is more segments than the 5 customers in few\.csv; choose K from 2 to 5"
    ):
        parameters.check_enough_customers(7, 5, "few.csv")


@pytest.mark.parametrize("k", [None, 5])
def test_as_many_segments_as_customers_are_allowed(k):
    parameters.check_enough_customers(k, 5, "few.csv")


def test_the_default_file_is_bundled():
    assert paths.SAMPLE.is_file()
