"""Two requests in the versions that tell what the asking user may do; aiokafka has older ones only.

Source: https://kafka.apache.org/protocol: Metadata 8 and DescribeGroups 3, which Kafka 2.3 and later
answer. The rights are bits, numbered as ``AclOperation``.
"""

from __future__ import annotations

from collections.abc import Sequence

from aiokafka.protocol.admin import DescribeGroupsRequest_v3, DescribeGroupsResponse_v3
from aiokafka.protocol.api import Request, RequestStruct, Response
from aiokafka.protocol.metadata import MetadataRequest_v5
from aiokafka.protocol.types import Array, Boolean, Int16, Int32, Schema, String

_TEXT = String("utf-8")


class _TopicsResponse(Response):  # type: ignore[misc]  # aiokafka publishes no types
    API_KEY = 3
    API_VERSION = 8
    SCHEMA = Schema(
        ("throttle_time_ms", Int32),
        ("brokers", Array(("node_id", Int32), ("host", _TEXT), ("port", Int32), ("rack", _TEXT))),
        ("cluster_id", _TEXT),
        ("controller_id", Int32),
        (
            "topics",
            Array(
                ("error_code", Int16),
                ("topic", _TEXT),
                ("is_internal", Boolean),
                (
                    "partitions",
                    Array(
                        ("error_code", Int16),
                        ("partition", Int32),
                        ("leader", Int32),
                        ("leader_epoch", Int32),
                        ("replicas", Array(Int32)),
                        ("isr", Array(Int32)),
                        ("offline_replicas", Array(Int32)),
                    ),
                ),
                ("authorized_operations", Int32),
            ),
        ),
        ("cluster_authorized_operations", Int32),
    )


class _TopicsRequest(RequestStruct):  # type: ignore[misc]  # aiokafka publishes no types
    API_KEY = 3
    API_VERSION = 8
    RESPONSE_TYPE = _TopicsResponse
    SCHEMA = Schema(
        ("topics", Array(_TEXT)),
        ("allow_auto_topic_creation", Boolean),
        ("include_cluster_authorized_operations", Boolean),
        ("include_topic_authorized_operations", Boolean),
    )


class TopicRights(Request[MetadataRequest_v5 | _TopicsRequest]):  # type: ignore[misc]  # as above
    """Asks for topics, none of which it creates, and for what the user may do with each.

    A topic of the answer is its error, name, whether it is internal, its partitions, and the rights
    where the broker knows the newer version.
    """

    API_KEY = 3

    def __init__(self, topics: Sequence[str]) -> None:
        """Ask for these topics."""
        self._topics = list(topics)

    def build(self, struct: type[RequestStruct]) -> RequestStruct:
        """Return what goes over the wire."""
        if struct is MetadataRequest_v5:
            return struct(self._topics, False)
        return struct(self._topics, False, False, True)


class _GroupsRequest(RequestStruct):  # type: ignore[misc]  # aiokafka publishes no types
    # aiokafka's own reads the answer as one of version 2, which leaves the rights out.
    API_KEY = 15
    API_VERSION = 3
    RESPONSE_TYPE = DescribeGroupsResponse_v3
    SCHEMA = DescribeGroupsRequest_v3.SCHEMA


class GroupRights(Request[_GroupsRequest]):  # type: ignore[misc]  # aiokafka publishes no types
    """Asks for a group, which need not exist, and for what the user may do with it."""

    API_KEY = 15

    def __init__(self, group: str) -> None:
        """Ask for this group."""
        self._group = group

    def build(self, struct: type[RequestStruct]) -> RequestStruct:
        """Return what goes over the wire."""
        return struct([self._group], True)
