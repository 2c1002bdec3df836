#include "client/daemon/proved_entry.hpp"

#include "client/shown_entry.hpp"
#include "protocol/limits.hpp"

#include <utility>

namespace tongbao::client {

std::vector<Digest> digests_from(protocol::ObjectReader& reader, std::string_view name) {
    std::vector<Digest> digests;
    for (const protocol::JsonValue& item : reader.array(name)) {
        const auto* const text = std::get_if<std::string_view>(&item.value);
        const Result<Digest> digest =
            text == nullptr ? Errc::wrong_type : Digest::from_base64(*text);
        if (!digest) reader.fail(Errc::bad_value, name, "each is a digest in base64");
        if (digest) digests.push_back(*digest);
    }
    return digests;
}

Checked<TrailEvent> read_proved_entry(const protocol::JsonValue& value, const std::string& place,
                                      const LogFollower& log) {
    protocol::ObjectReader reader(value, place);
    const LogIndex index(
        static_cast<std::uint64_t>(reader.integer("index", 0, protocol::kMaxJsonInteger)));
    protocol::ProvedEntry proved{reader.base64("entry"), digests_from(reader, "proof")};
    if (const auto fault = reader.finish()) return Reason{Errc::bad_log_entry, fault->place, {}};
    const Result<void> stands = log.check_entry(proved, index);
    if (!stands) return Reason{to_errc(stands.error()), place, {}};
    Checked<KnownEntry> known = read_shown_entry(proved.entry);
    if (!known) return Reason{Errc::bad_log_entry, place, {}};
    return TrailEvent{index, std::move(known->entry), known->hidden, std::move(proved)};
}

}  // namespace tongbao::client
