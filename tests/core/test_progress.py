"""Progress of parts, as whoever watches the run reads it."""

from seg_utils.core import progress


def test_a_part_of_the_work_ends_where_the_next_begins(tmp_path, monkeypatch):
    watched = tmp_path / "progress"
    monkeypatch.setenv(progress.VARIABLE, str(watched))
    first, second = progress.part(0.0, 0.75), progress.part(0.75, 1.0)
    for tell, done, shown in ((first, 0, "0%"), (first, 1, "75%"), (second, 0, "75%"), (second, 0.5, "88%")):
        tell("scores", done)
        assert progress.latest(watched) == f"{shown}  scores"
