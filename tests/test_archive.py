"""Archives that come from elsewhere are read without trust, and ours are written alike."""

from __future__ import annotations

import contextlib
import gzip
import io
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policylib import archive
from policylib.errors import BundleError
from tests import tools

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


FILES = {"a": b"1" * 700, "b/c": b"", "d": bytes(range(256)) * 4}
TAR = gzip.decompress(archive.write(FILES))
HEADERS = [0, 1536, 2048]
MEMBERS = TAR[:3584]


@pytest.mark.parametrize("change", [0x01, 0x20, 0x80, 0xFF])
@pytest.mark.parametrize("header", HEADERS)
def test_a_damaged_header_hides_no_file(header: int, change: int) -> None:
    for place in range(header, header + tarfile.BLOCKSIZE):
        damaged = bytearray(TAR)
        damaged[place] ^= change
        with contextlib.suppress(BundleError):
            assert read(gzip.compress(damaged, 1)) == FILES


@pytest.mark.parametrize(
    ("data", "complaint"),
    [
        (MEMBERS, "ends too early"),
        (MEMBERS + bytes(512), "ends too early"),
        (MEMBERS + bytes(1023), "ends too early"),
        (MEMBERS + bytes(1024) + b"x", "behind byte 3584 .* is no file"),
        (MEMBERS + bytes(512) + TAR, "is no file"),
        (MEMBERS + bytes(1024) + TAR, "is no file"),
        (MEMBERS + MEMBERS[:511], "is no file"),
        (MEMBERS[:700], "unexpected end of data"),
        (MEMBERS[:1536] + bytes(512) + MEMBERS[2048:] + bytes(1024), "is no file"),
        (bytes(512) + TAR, "is no file"),
        (b"", "empty file"),
    ],
)
def test_what_ends_or_goes_on_where_no_archive_does_is_refused(data: bytes, complaint: str) -> None:
    with pytest.raises(BundleError, match=complaint):
        read(gzip.compress(data))


@pytest.mark.parametrize("size", [4608, 10_240, 40_960, 81_920])
@pytest.mark.parametrize("place", range(-8, 0))
def test_the_checksum_and_the_length_are_read(size: int, place: int) -> None:
    content = bytearray(gzip.compress(MEMBERS.ljust(size, b"\0")))
    assert read(bytes(content)) == FILES
    content[place] ^= 1
    with pytest.raises(BundleError, match=r"cannot be read: .*incorrect"):
        read(bytes(content))


@pytest.mark.parametrize(
    "more",
    [b"\0", b"x", gzip.compress(b""), archive.write({"x": b""})],
    ids=["a zero", "a byte", "a gzip member", "an archive"],
)
def test_nothing_follows_the_compressed_data(more: bytes) -> None:
    with pytest.raises(BundleError, match="something follows"):
        read(archive.write(FILES) + more)


def test_zeros_without_end_are_refused() -> None:
    with pytest.raises(BundleError, match="more than is permitted"):
        read(gzip.compress(MEMBERS + bytes(1 << 26)))


def long_name(size: bytes, name: bytes = b"x") -> bytes:
    """A header of GNU tar that says a longer name of the member behind it."""
    member = tarfile.TarInfo("././@LongLink")
    member.type = tarfile.GNUTYPE_LONGNAME
    header = bytearray(member.tobuf(tarfile.GNU_FORMAT))
    header[124:136] = size
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + name.ljust(tarfile.BLOCKSIZE, b"\0")


@pytest.mark.parametrize(
    "data",
    [
        MEMBERS + long_name(b"00000000001\0") * 1000 + MEMBERS,
        MEMBERS + long_name(b"\x80" + b"\x7f" * 11) + MEMBERS,
        MEMBERS + long_name(b"\xff" * 11 + b"\x00") + MEMBERS,
    ],
)
def test_headers_that_lead_astray_are_refused(data: bytes) -> None:
    with pytest.raises(BundleError):
        read(gzip.compress(data + bytes(1024)))


def by_tar(*options: str) -> Callable[[Path], bytes]:
    def write(folder: Path) -> bytes:
        command: list[str | Path] = ["tar", "-C", folder, *options, "-czf", "-", *FILES]
        return subprocess.run(command, capture_output=True, check=True).stdout

    return write


def by_opa(folder: Path) -> bytes:
    """Go's archive/tar is what conftest and oras write with, too."""
    (folder / "x.rego").write_text("package x\n\ny := 1\n")
    made = folder.parent / "bundle.tar.gz"
    command: list[str | Path] = [tools.path("opa"), "build", "--bundle", ".", "--output", made]
    subprocess.run(command, cwd=folder, check=True)
    return made.read_bytes()


@pytest.mark.parametrize(
    ("write", "names"),
    [
        (by_tar("--format=gnu"), set(FILES)),
        (by_tar("--format=ustar", "--blocking-factor=1"), set(FILES)),
        (by_tar("--format=posix", "--blocking-factor=128"), set(FILES)),
        (by_opa, {"data.json", "x.rego", ".manifest"}),
    ],
)
def test_what_others_write_is_read(
    write: Callable[[Path], bytes], names: set[str], tmp_path: Path
) -> None:
    for name, content in FILES.items():
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    found = read(write(tmp_path / "in"))
    assert found.keys() == names
    assert {name: FILES.get(name, content) for name, content in found.items()} == found


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
