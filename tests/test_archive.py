"""Archives that come from elsewhere are read without trust, and ours are written alike."""

from __future__ import annotations

import contextlib
import gzip
import io
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib import archive
from policylib.errors import BundleError

ROOM = 1 << 20
MOST = 100
NAMES = st.from_regex(r"[a-z][a-z0-9_.-]{0,10}(/[a-z][a-z0-9_.-]{0,10}){0,3}", fullmatch=True)


def read(content: bytes, room: int = ROOM, most: int = MOST) -> dict[str, bytes]:
    return dict(archive.read(content, "somewhere", room, most))


def packed(*members: tarfile.TarInfo, content: bytes = b"", dialect: int | None = None) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz", format=dialect) as stream:
        for member in members:
            member.size = len(content) if member.isreg() else 0
            stream.addfile(member, io.BytesIO(content))
    return buffer.getvalue()


def of_type(kind: bytes, name: str = "x") -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, "y"
    return member


@given(st.dictionaries(NAMES, st.binary(max_size=2000), max_size=8))
def test_what_is_written_is_read_again(files: dict[str, bytes]) -> None:
    assert read(archive.write(files)) == files
    assert archive.write(files) == archive.write(dict(reversed(files.items())))


def test_nothing_tells_who_wrote_it_and_when() -> None:
    content = archive.write({"b": b"2", "a/c": b"1"})
    assert content[3:8] == bytes(5)  # neither a name nor a time
    with tarfile.open(fileobj=io.BytesIO(content)) as stream:
        members = stream.getmembers()
    assert [member.name for member in members] == ["a/c", "b"]
    said = {(m.mtime, m.uid, m.gid, m.uname, m.gname, m.mode) for m in members}
    assert said == {(0, 0, 0, "", "", 0o644)}


def test_folders_are_listed_when_that_is_asked_for() -> None:
    content = archive.write({"a/b/c": b"1"}, folders=True)
    with tarfile.open(fileobj=io.BytesIO(content)) as stream:
        assert [(one.name, one.isdir()) for one in stream] == [
            ("a", True),
            ("a/b", True),
            ("a/b/c", False),
        ]
    assert read(content) == {"a/b/c": b"1"}


@pytest.mark.parametrize("dialect", [tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_every_dialect_is_read(dialect: int) -> None:
    name = f"{'folder/' * 12}{'file' * 10}"
    assert read(packed(tarfile.TarInfo(name), content=b"1", dialect=dialect)) == {name: b"1"}


@pytest.mark.parametrize(("name", "path"), [("/a/b", "a/b"), ("./a", "a"), ("a//b/./c", "a/b/c")])
def test_names_become_paths_below_the_root(name: str, path: str) -> None:
    assert archive.path(name, "somewhere") == path


@pytest.mark.parametrize(
    "name",
    ["..", "../a", "a/../../b", "/", "", ".", "a\\b", "a\nb", "a\x00b", "\u202ea", "a" * 2000],
)
def test_what_is_no_path_below_the_root_is_refused(name: str) -> None:
    with pytest.raises(BundleError, match="no path below"):
        archive.path(name, "somewhere")


@pytest.mark.parametrize(
    "kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.BLKTYPE, tarfile.FIFOTYPE]
)
def test_what_is_no_plain_file_is_refused(kind: bytes) -> None:
    with pytest.raises(BundleError, match="no plain file"):
        read(packed(of_type(kind)))


def test_a_name_that_leads_out_is_refused() -> None:
    with pytest.raises(BundleError, match="no path below"):
        read(packed(tarfile.TarInfo("../x"), content=b"1"))


def test_no_more_than_the_room_is_read() -> None:
    content = archive.write({"a": bytes(600), "b": bytes(600)})
    assert len(read(content, room=1200)) == 2
    with pytest.raises(BundleError, match="more than is permitted"):
        read(content, room=1199)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    huge = tarfile.TarInfo("a")
    huge.size = 1 << 33
    header = huge.tobuf(tarfile.GNU_FORMAT)
    with pytest.raises(BundleError, match="more than is permitted"):
        read(gzip.compress(header + bytes(1 << 20)))
    headers = b"".join(tarfile.TarInfo(f"{n}").tobuf() for n in range(200))
    with pytest.raises(BundleError, match="more than is permitted"):
        read(gzip.compress(headers), room=1 << 10, most=1)


@pytest.mark.parametrize("cut", [1, 12, 40, 100])
def test_an_archive_that_is_cut_off_is_refused(cut: int) -> None:
    content = archive.write({"a": bytes(range(256)) * 20})
    with pytest.raises(BundleError):
        read(content[:-cut])


@given(st.binary(max_size=400))
def test_whatever_is_read_is_an_archive_or_refused(content: bytes) -> None:
    for whole in (content, gzip.compress(content)):
        with contextlib.suppress(BundleError):
            assert all(name and isinstance(data, bytes) for name, data in read(whole).items())


@given(st.integers(0, 1 << 12), st.integers(1, 255))
def test_a_damaged_archive_never_crashes(place: int, change: int) -> None:
    content = bytearray(gzip.compress(gzip.decompress(archive.write({"a/b": b"1" * 700})), 0))
    content[place % len(content)] ^= change
    with contextlib.suppress(BundleError):
        assert len(read(bytes(content))) <= 1


def test_a_name_that_fits_no_archive_is_an_error() -> None:
    with pytest.raises(BundleError, match="fits no archive"):
        archive.write({"a" * 300: b""})
