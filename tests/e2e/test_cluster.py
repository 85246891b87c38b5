"""What these tests take an API server's word for, they have had."""

from __future__ import annotations

import pytest

from tests.e2e import gatekeeper as manager
from tests.e2e.cluster import Cluster


def test_a_kind_that_is_not_served_has_no_objects(api: Cluster) -> None:
    assert manager.items(api, "/apis/nobody.example.com/v1/things") == []


def test_an_answer_that_is_none_is_no_empty_list(api: Cluster) -> None:
    with pytest.raises(AssertionError, match="limit"):
        manager.items(api, "/api/v1/pods?limit=nonsense")


def test_what_is_not_there_is_not_in_force(api: Cluster) -> None:
    assert not manager.in_force(api, {("K8sRequireImageDigest", "nowhere")})
