#include "client/daemon/batch_check.hpp"
#include "client/shown_entry.hpp"

#include <algorithm>
#include <string>

// Whether the register as it is known here suffices to check what came.

namespace tongbao::client {
namespace {

/// Looks through entries for one that names a signer or a register head that is not known. The
/// entries of a batch nearly always end with the same two, so those that end as one that was read
/// are not read: they are when they are checked.
class RegisterLook {
public:
    explicit RegisterLook(const crypto::KeyRegister& keys) : keys_(keys) {}

    /// Whether the entry names what is not known.
    bool is_beyond(BytesView bytes) {
        if (!known_end_.empty() && as_text(bytes).ends_with(known_end_)) return false;
        const Checked<KnownEntry> known = read_shown_entry(bytes);
        if (!known) return false;
        const LogEntry* const entry = &known->entry;
        const std::optional<Digest> head = register_head_of(entry->event);
        if (!head) return false;
        const Digest& signer = accepted_leaf_of(entry->event)->signer;
        if (!keys_.index_of(*head) || keys_.find(signer) == nullptr) return true;
        const auto* const logged = std::get_if<LoggedEvent>(&entry->event);
        if (logged != nullptr &&
            std::any_of(logged->endorsements.begin(), logged->endorsements.end(),
                        [this](const auto& each) { return keys_.find(each.signer) == nullptr; })) {
            return true;
        }
        known_end_ = R"("signer":")" + signer.hex() + R"(","register":")" + head->hex() + R"("})";
        return false;
    }

private:
    const crypto::KeyRegister& keys_;
    /// How an entry ends that names what the last one did that was read; empty before.
    std::string known_end_;
};

bool any_beyond(const protocol::EntryRun& run, const crypto::KeyRegister& keys) {
    RegisterLook look(keys);
    return std::any_of(run.entries.begin(), run.entries.end(), [&look](const auto& each) {
        const auto* const bytes = std::get_if<Bytes>(&each);
        return bytes != nullptr && look.is_beyond(*bytes);
    });
}

}  // namespace

bool needs_register(const protocol::Delivery& delivery, const crypto::KeyRegister& keys) {
    return keys.find(delivery.signer) == nullptr || any_beyond(delivery.run, keys);
}

bool needs_register(const protocol::Outcome& outcome, const crypto::KeyRegister& keys) {
    return any_beyond(outcome.run, keys) ||
           std::any_of(outcome.leaves.begin(), outcome.leaves.end(), [&keys](const auto& leaf) {
               const auto* const accepted = std::get_if<protocol::LeafAccepted>(&leaf);
               return accepted != nullptr && accepted->repeated &&
                      RegisterLook(keys).is_beyond(accepted->earlier.entry);
           });
}

}  // namespace tongbao::client
