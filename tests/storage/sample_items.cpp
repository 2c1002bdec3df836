#include "tests/storage/sample_items.hpp"

#include "tests/storage/sample_commit.hpp"

namespace tongbao::storage {

SentItem item(std::uint32_t number, bool is_act) {
    SentItem made;
    made.id = sample_uuid(number);
    made.is_act = is_act;
    made.bytes = to_bytes("bytes of " + std::to_string(number));
    made.queued_at = UtcTime(std::chrono::milliseconds(number));
    return made;
}

SentItem settled(std::uint32_t number, SentState state) {
    SentItem made = item(number);
    made.state = state;
    if (state == SentState::accepted) made.index = LogIndex(100 + number);
    made.outcome = "{}";
    return made;
}

InboxRow inbox_row(std::uint64_t index, std::uint64_t batch, std::uint32_t id) {
    InboxRow row;
    row.index = LogIndex(index);
    row.batch = LogIndex(batch);
    row.position = static_cast<std::uint16_t>(index - batch);
    row.id = sample_uuid(id);
    row.from = UnitId("insurance");
    row.kind = KindId("case_transfer");
    row.title = "\xe7\xa7\xbb\xe9\x80\x81";
    row.case_number = "990000202600001";  // no unit has division 990000
    row.in_reply_to = sample_uuid(id + 1'000);
    row.copy = true;
    row.state = 1;
    row.received_at = UtcTime(std::chrono::milliseconds(index));
    return row;
}

}  // namespace tongbao::storage
