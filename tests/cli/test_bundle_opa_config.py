"""`rc bundle opa-config`: what it writes, and what it refuses to."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from policylib.bundle import sidecar
from policylib.bundle.signatures import keys as bundle_keys
from policylib.cli import main
from policylib.errors import BundleError
from tests.bundle.signatures import keys
from tests.cli.program import Done, rc

URL = "https://bundles.example.com/policy/bundle.tar.gz"
DIGEST = f"sha256:{'a' * 64}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with key.pub and what is no public key."""
    ours = keys("ES256")
    (tmp_path / "key.pub").write_bytes(ours.public)
    (tmp_path / "rsa.pub").write_bytes(keys("RS256").public)
    (tmp_path / "private.pem").write_bytes(ours.private)
    (tmp_path / "both.pem").write_bytes(ours.public + ours.private)
    (tmp_path / "text").write_text("ssh-ed25519 AAAA jane")
    (tmp_path / "empty").write_bytes(b"")
    return tmp_path


def config(folder: Path, *arguments: str, key: str = "key.pub") -> Any:
    """The configuration, as another reader of YAML understands it."""
    done = asked(folder, *arguments, key=key)
    assert (done.code, done.err) == (0, "")
    return yaml.safe_load(done.out)


def asked(folder: Path, *arguments: str, key: str = "key.pub") -> Done:
    url = [] if any(one.startswith("--url") for one in arguments) else [f"--url={URL}"]
    trust = [f"--key={key}", "--keyid=prod-2026"] if key else []
    return rc("bundle", "opa-config", *url, *trust, *arguments, cwd=folder)


def test_the_least_that_is_asked_for(folder: Path) -> None:
    assert config(folder) == {
        "services": {"bundles": {"url": "https://bundles.example.com"}},
        "keys": {"prod-2026": {"algorithm": "ES256", "key": (folder / "key.pub").read_text()}},
        "bundles": {
            "policylib": {
                "service": "bundles",
                "resource": "policy/bundle.tar.gz",
                "signing": {"keyid": "prod-2026"},
                "persist": False,
                "polling": {"min_delay_seconds": 60, "max_delay_seconds": 120},
                "size_limit_bytes": 64 << 20,
            }
        },
        "default_decision": "/system/main",
        "decision_logs": {"console": True, "mask_decision": "/system/log/mask"},
        "status": {"prometheus": True},
    }


def test_all_that_may_be_asked_for(folder: Path) -> None:
    found = config(
        folder,
        "--scope=payments",
        "--ca=/etc/policylib/ca.crt",
        "--token-env=BUNDLE_TOKEN",
        "--persist=/var/lib/opa",
        "--poll",
        "5",
        "10",
        "--decision-logs=https://logs.example.com:8443/opa/logs",
        "--logs-ca=/etc/policylib/logs.crt",
        "--logs-token-file=/run/secrets/logs",
        "--label=team=payments",
        "--label=cluster=eu-1",
        key="rsa.pub",
    )
    assert found["services"] == {
        "bundles": {
            "url": "https://bundles.example.com",
            "tls": {"ca_cert": "/etc/policylib/ca.crt"},
            "credentials": {"bearer": {"token": "${BUNDLE_TOKEN}"}},
        },
        "logs": {
            "url": "https://logs.example.com:8443",
            "tls": {"ca_cert": "/etc/policylib/logs.crt"},
            "credentials": {"bearer": {"token_path": "/run/secrets/logs"}},
        },
    }
    assert found["keys"]["prod-2026"]["algorithm"] == "RS256"
    assert found["labels"] == {"team": "payments", "cluster": "eu-1"}
    assert found["persistence_directory"] == "/var/lib/opa"
    bundle = found["bundles"]["policylib"]
    assert bundle["signing"] == {"keyid": "prod-2026", "scope": "payments"}
    assert bundle["persist"] is True
    assert bundle["polling"] == {"min_delay_seconds": 5, "max_delay_seconds": 10}
    logs = found["decision_logs"]
    assert (logs["service"], logs["resource"]) == ("logs", "/opa/logs")
    assert logs["mask_decision"] == "/system/log/mask"


@pytest.mark.parametrize(
    ("url", "base", "resource"),
    [
        ("oci://ghcr.io/example/policy:prod", "https://ghcr.io", "ghcr.io/example/policy:prod"),
        (
            f"oci://ghcr.io/example/policy:prod@{DIGEST}",
            "https://ghcr.io",
            f"ghcr.io/example/policy@{DIGEST}",
        ),
        ("oci://127.0.0.1:5000/policy", "http://127.0.0.1:5000", "127.0.0.1:5000/policy:latest"),
        ("http://localhost:8000/b", "http://localhost:8000", "b"),
        ("http://[::1]:8000/b", "http://[::1]:8000", "b"),
    ],
)
def test_places(url: str, base: str, resource: str, folder: Path) -> None:
    found = config(folder, f"--url={url}", "--token-env=WHO")
    service = found["services"]["bundles"]
    assert service["url"] == base
    assert found["bundles"]["policylib"]["resource"] == resource
    is_oci = url.startswith("oci")
    assert service.get("type") == ("oci" if is_oci else None)
    assert service["credentials"]["bearer"].get("scheme") == ("Basic" if is_oci else None)


def test_decision_logs_may_be_left_out_or_whole(folder: Path) -> None:
    assert "decision_logs" not in config(folder, "--decision-logs=none")
    whole = asked(folder, "--log-inputs")
    assert yaml.safe_load(whole.out)["decision_logs"]["mask_decision"] == "/system/log/unmasked"
    assert "SECRETS INCLUDED" in whole.out


def test_a_signature_is_asked_for_unless_that_is_given_up(folder: Path) -> None:
    done = asked(folder, key="")
    assert done.code == 2
    assert "--unsigned" in done.err
    unsigned = asked(folder, "--unsigned", key="")
    assert unsigned.code == 0
    assert "NO SIGNATURE IS ASKED FOR" in unsigned.out
    found = yaml.safe_load(unsigned.out)
    assert "keys" not in found
    assert "signing" not in found["bundles"]["policylib"]
    artifact = asked(folder, f"--url=oci://ghcr.io/x/y@{DIGEST}", "--unsigned", key="")
    assert "cosign" in artifact.out


def test_the_file_and_how_to_start_opa(folder: Path) -> None:
    done = asked(folder, "--output=opa.yaml")
    assert (done.code, done.err) == (0, "")
    written = (folder / "opa.yaml").read_text()
    command = re.search(r"^  (opa run .*)$", done.out, re.MULTILINE)
    assert command
    assert f"#   {command[1]}\n" in written
    for flag in ("--addr=127.0.0.1:8181", "--ready-timeout=", "--min-tls-version=1.3"):
        assert flag in command[1]
    assert "strict-builtin-errors" in written


KEYS = {
    "private.pem": "private key",
    "both.pem": "more than one key",
    "text": "no public key",
    "empty": "no public key",
    "missing": "No such file",
    ".": "Is a directory",
}


@pytest.mark.parametrize("key", KEYS)
def test_what_is_no_public_key_is_refused_and_not_written(key: str, folder: Path) -> None:
    done = asked(folder, "--output=opa.yaml", key=key)
    assert done.code == 2
    assert KEYS[key] in done.err
    assert key in done.err
    assert not (folder / "opa.yaml").exists()
    assert "-----BEGIN" not in done.out + done.err


def test_a_certificate_and_weak_or_unusual_keys_are_refused(folder: Path) -> None:
    weak = "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out k"
    curve = "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out k"
    edwards = "openssl genpkey -algorithm ed25519 -out k"
    for command in (weak, curve, edwards):
        subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
        public = ["openssl", "pkey", "-in", "k", "-pubout", "-out", "odd.pub"]
        subprocess.run(public, cwd=folder, check=True)
        assert asked(folder, key="odd.pub").code == 2
    subject = "openssl req -x509 -new -key k -subj /CN=x -out odd.crt"
    subprocess.run(subject.split(), cwd=folder, check=True, capture_output=True)
    done = asked(folder, key="odd.crt")
    assert done.code == 2
    assert "openssl x509" in done.err


REFUSED = {
    "--url=": "scheme",
    "--url=bundle.tar.gz": "scheme",
    "--url=ftp://h/b": "scheme",
    "--url=file:///etc/passwd": "scheme",
    "--url=http://bundles.example.com/b": "without encryption",
    "--url=http://127.0.0.1.example.com/b": "without encryption",
    "--url=https://jane:hunter2@h/b": "credentials",
    "--url=https://h": "path",
    "--url=https://h/": "path",
    "--url=https://h/b?token=hunter2": "more than a path",
    "--url=https://h/b#x": "more than a path",
    "--url=https://h/${HOME}": "path",
    "--url=https://${HOST}/b": "host",
    "--url=https:///b": "host",
    "--url=https://h:99999/b": "address",
    "--url=https://h:0/b": "address",
    "--url=https://h/a b": "path",
    "--url=https://h/b\n": "address",
    "--url=https://h\\@evil/b": "credentials",
    "--url=https://jane:hunter2@h:0/b": "address",
    "--url=oci://jane:hunter2@ghcr.io/x": "credentials",
    "--url=oci://ghcr.io": "artifact",
    "--url=oci://ghcr.io/x@sha256:abc": "artifact",
    "--url=oci://ghcr.io/x:${TAG}": "artifact",
    "--keyid=a b": "key id",
    "--keyid=${KEY}": "key id",
    "--keyid=": "--keyid of the signer: missing",
    "--scope=a\nb": "scope",
    "--scope=${S}": "scope",
    "--persist=relative": "absolute",
    "--persist=/a/../b": "absolute",
    "--persist=/${X}": "absolute",
    "--ca=ca.crt": "absolute",
    "--token-env=hunter2 is it": "environment variable",
    "--token-env=${X}": "environment variable",
    "--token-file=token": "absolute",
    "--decision-logs=stdout": "scheme",
    "--decision-logs=http://logs.example.com/x": "without encryption",
    "--decision-logs=https://jane:hunter2@h/b": "credentials",
    "--logs-ca=/x": "no server",
    "--logs-token-env=X": "no server",
    "--label=team": "label",
    "--label=team=${X}": "label",
    "--label=te am=x": "label",
    "--label=version=1": "OPA itself",
    "--unsigned": "contradict",
    "--keyed=x": "--key",
}


@pytest.mark.parametrize("argument", REFUSED)
def test_values_that_opa_would_not_take_as_they_are_meant(
    argument: str,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(folder)
    usual = [f"--url={URL}", "--key=key.pub", "--keyid=prod-2026", "--output=opa.yaml"]
    try:
        code: object = main(["bundle", "opa-config", *usual, argument])
    except SystemExit as end:
        code = end.code
    said = capfd.readouterr()
    assert code == 2
    assert REFUSED[argument] in said.err
    assert "hunter2" not in said.err
    assert said.out == ""
    assert not (folder / "opa.yaml").exists()


@pytest.mark.parametrize("poll", [("0", "1"), ("5", "4"), ("-1", "1"), ("1", "86401"), ("x", "1")])
def test_delays_that_make_no_sense(poll: tuple[str, str], folder: Path) -> None:
    done = asked(folder, "--poll", *poll)
    assert done.code == 2


def test_both_ways_to_give_credentials(folder: Path) -> None:
    done = asked(folder, "--token-env=X", "--token-file=/x")
    assert done.code == 2
    assert "not in both" in done.err


def test_nothing_is_logged_and_inputs_are(folder: Path) -> None:
    assert asked(folder, "--decision-logs=none", "--log-inputs").code == 2


def test_authorities_that_are_here_are_looked_at(folder: Path) -> None:
    for name in ("key.pub", "private.pem", "empty"):
        done = asked(folder, f"--ca={folder / name}")
        assert done.code == 2
        assert "certificates" in done.err


@given(st.text(max_size=40) | st.from_regex(r"https://[ -~]{1,30}", fullmatch=True))
def test_an_address_is_refused_or_stays_what_it_is(text: str) -> None:
    try:
        place = sidecar.bundle_place(text)
    except BundleError:
        return
    if place.is_oci:
        return
    assert f"{place.base}/{place.resource}" == text
    assert not set(text) & set("${}@?#\\ \"'\n")


plain = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._:/@-]{0,12}", fullmatch=True)


@given(plain, plain, plain)
def test_names_mean_themselves_to_other_readers_of_yaml(key: str, scope: str, label: str) -> None:
    public = bundle_keys.public(keys("ES256").public)
    place = sidecar.bundle_place(URL)
    wanted = sidecar.Sidecar(place, public, key, scope, labels={f"x{label}": label})
    found = yaml.safe_load(sidecar.dump(wanted))
    assert found == sidecar.configuration(wanted)
    assert list(found["keys"]) == [key]
    assert found["bundles"]["policylib"]["signing"] == {"keyid": key, "scope": scope}
    assert found["labels"] == {f"x{label}": label}


@pytest.mark.parametrize("logs", ["https://logs.example.com/opa", "Console", "", "none", True])
def test_decisions_are_logged_to_what_is_meant_or_nothing_is_configured(logs: Any) -> None:
    place = sidecar.bundle_place(URL)
    with pytest.raises(BundleError, match="decisions are logged to no"):
        sidecar.Sidecar(place, None, logs=logs)
