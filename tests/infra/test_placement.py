from aiokafka.partitioner import DefaultPartitioner
from hypothesis import given
from hypothesis import strategies as st

from infra.placement import partition_number


@given(st.binary(max_size=40), st.integers(min_value=1, max_value=64))
def test_a_key_lies_where_kafkas_clients_put_it(key: bytes, partitions_count: int) -> None:
    assert partition_number(key, partitions_count) == DefaultPartitioner()(key, list(range(partitions_count)), [])
