import pytest

from seg_utils.core import parameters, paths
from seg_utils.core.algorithms import ALGORITHMS
from seg_utils.core.errors import ParameterError


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
        "DESCRIBE=AGE CHANNEL",
        "BAD_ROWS=drop",
        "SCALE=Robust",
        "IMPUTE=mean",
        "ENCODER=64-32-8",
        "ALGORITHM=GMM",
        "SUBSEGMENT=2",
        "KMAX=12",
        "EVIDENCE=Full",
        "SEED=7",
        "MARKET=UK",
        "CAMPAIGN=Spring-2027",
        "FORMATS=pdf",
        "RENDERER=builtin",
        "QUARTO=/opt/quarto",
        f"OUTPUTS={tmp_path / 'not there' / '..'}",
    ]
    assert parameters.parse(words) == parameters.Parameters(
        k=7,
        data=data.resolve(),
        columns=mapping.resolve(),
        features=("BALANCE", "PURCHASES"),
        describe=("AGE", "CHANNEL"),
        bad_rows="drop",
        scale="robust",
        impute="mean",
        encoder=(64, 32, 8),
        algorithm="gmm",
        subsegment=2,
        kmax=12,
        evidence="full",
        seed=7,
        market="uk",
        campaign="spring-2027",
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
        ("SCALE=lag", "log, standard, robust", "did you mean log?"),
        ("CAMPAIGN=../spring", "up to 40 letters a to z and digits", "CAMPAIGN=spring-2027"),
        ("CAMPAIGN=" + "a" * 41, "up to 40 letters a to z and digits", "CAMPAIGN=spring-2027"),
        ("IMPUTE=zero", "median, mean", "IMPUTE=median"),
        ("ALGORITHM=knn", ", ".join(ALGORITHMS), "ALGORITHM=kmeans"),
        ("ENCODER=64,32", "1 to 6 layer widths of 1 to 4000, joined by hyphens", "ENCODER=64-32-8"),
        ("ENCODER=64-0-8", "1 to 6 layer widths of 1 to 4000", "ENCODER=64-32-8"),
        ("ENCODER=4001", "1 to 6 layer widths of 1 to 4000", "ENCODER=64-32-8"),
        ("ENCODER=1-2-3-4-5-6-7", "1 to 6 layer widths", "ENCODER=64-32-8"),
        ("ENCODER=64-", "1 to 6 layer widths", "ENCODER=64-32-8"),
        ("SUBSEGMENT=20", "0 to 19, or all", "SUBSEGMENT=2"),
        ("SUBSEGMENT=first", "0 to 19, or all", "SUBSEGMENT=2"),
        ("PRESET=z", "known are a, a-encoded, b, b-encoded, c, d, e", "PRESET=a"),
        ("SEED=-1", "from 0 to 2147483647", "SEED=42"),
        ("SEED=99999999999", "from 0 to 2147483647", "SEED=42"),
        ("MARKET=mars", "us, eu, uk", "MARKET=us"),
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


def test_a_folder_is_no_mapping_file(tmp_path):
    with pytest.raises(ParameterError, match="is a folder, not a file"):
        parameters.parse([f"COLUMNS={tmp_path}"])


def test_an_unknown_parameter_gets_the_nearest_known_one():
    with pytest.raises(ParameterError, match=r"unknown parameter 'SCLAE=log'.*did you mean SCALE=\?"):
        parameters.parse(["SCLAE=log"])


@pytest.mark.parametrize(
    ("k", "n", "message"),
    [
        (
            7,
            34,
            "K=7 is too many segments for the 34 customers in f.csv: it needs at least 35, 5 a segment; "
            "choose K from 2 to 6, for example K=6",
        ),
        (
            3,
            14,
            "K=3 is too many segments for the 14 customers in f.csv: it needs at least 15, 5 a segment; choose K=2",
        ),
        (
            2,
            9,
            "K=2 is not possible with the 9 customers in f.csv, and no other K is: a segmentation needs at least 10, "
            "5 for each of two segments",
        ),
        (
            None,
            1,
            "K=auto is not possible with the 1 customer in f.csv, and no other K is: a segmentation needs at "
            "least 10, 5 for each of two segments",
        ),
    ],
)
def test_more_segments_than_customers_can_fill_are_refused(k, n, message):
    with pytest.raises(ParameterError) as caught:
        parameters.check_enough_customers(k, n, "f.csv")
    assert str(caught.value) == message


@pytest.mark.parametrize(("k", "n"), [(None, 10), (2, 10), (7, 35), (20, 100)])
def test_five_customers_a_segment_are_enough(k, n):
    parameters.check_enough_customers(k, n, "f.csv")


def test_the_default_file_is_bundled():
    assert paths.SAMPLE.is_file()


def test_system_as_autoencoder_is_allowed():
    assert parameters.parse(["ENCODER=7-500-500-2000-10"]).encoder == (7, 500, 500, 2000, 10)


def test_all_segments_can_be_looked_into():
    assert parameters.parse(["SUBSEGMENT=All"]).subsegment == parameters.ALL_SEGMENTS


@pytest.mark.parametrize("subsegment", [None, "all", 6])
def test_a_segment_that_is_there_may_be_looked_into(subsegment):
    parameters.check_subsegment(subsegment, 7)


def test_a_segment_that_is_not_there_is_refused():
    with pytest.raises(ParameterError, match=r"SUBSEGMENT=7 is not one of the 7 segments; they are numbered 0 to 6"):
        parameters.check_subsegment(7, 7)


@pytest.mark.parametrize("word", ["MODEL=outputs/sample", "OUT=x", "PORT=9000", "HOST=0.0.0.0", "TOKEN=x"])
def test_what_is_asked_of_a_model_means_nothing_to_a_run(word):
    with pytest.raises(ParameterError, match=f"{word} means nothing here: it is for a model that is there, .* K, "):
        parameters.parse(["K=7", word])


def test_evidence_that_would_not_look_at_the_k_asked_for_is_refused():
    with pytest.raises(ParameterError, match=r"KMAX=5 is less than K=6.*at least KMAX=6"):
        parameters.parse(["K=6", "KMAX=5"])
    assert parameters.parse(["K=5", "KMAX=5"]).k == 5
    assert parameters.parse(["K=6", "KMAX=5", "ALGORITHM=dbscan"]).kmax == 5, "which finds its own number"
