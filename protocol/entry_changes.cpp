#include "protocol/entry_changes.hpp"

#include "protocol/limits.hpp"

#include <cstring>

namespace tongbao::protocol {
namespace {

/// What a change takes besides its bytes: its place and their length.
constexpr std::size_t kChangeHeadBytes = sizeof(std::uint16_t) + sizeof(std::uint32_t);

/// The first place from `at` on where the two differ, eight bytes at a time; their length if none.
std::size_t find_difference(BytesView earlier, BytesView entry, std::size_t at) {
    constexpr std::size_t kWord = sizeof(std::uint64_t);
    for (; entry.size() - at >= kWord; at += kWord) {
        if (std::memcmp(earlier.data() + at, entry.data() + at, kWord) != 0) break;
    }
    while (at < entry.size() && earlier[at] == entry[at]) ++at;
    return at;
}

/// The end of the change that begins at `begin`: a few equal bytes cost less within it than a
/// change of its own behind them.
std::size_t find_end(BytesView earlier, BytesView entry, std::size_t begin) {
    std::size_t end = begin + 1;
    for (std::size_t at = end; at < entry.size() && at - end < kChangeHeadBytes; ++at) {
        if (earlier[at] != entry[at]) end = at + 1;
    }
    return end;
}

}  // namespace

std::vector<EntryChange> changes_of(BytesView earlier, BytesView entry) {
    std::vector<EntryChange> changes;
    if (earlier.size() != entry.size() || entry.size() > kMaxLogEntryBytes) return changes;
    std::size_t bytes = 0;
    std::size_t at = find_difference(earlier, entry, 0);
    while (at < entry.size()) {
        const std::size_t end = find_end(earlier, entry, at);
        bytes += kChangeHeadBytes + end - at;
        if (changes.size() == kMaxEntryChanges || bytes >= entry.size()) return {};
        changes.push_back({static_cast<std::uint16_t>(at), static_cast<std::uint16_t>(end - at)});
        at = find_difference(earlier, entry, end);
    }
    return changes;
}

}  // namespace tongbao::protocol
