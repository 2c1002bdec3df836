#pragma once

#include "client/daemon/services.hpp"
#include "domain/charter_unit.hpp"
#include "domain/endorsement.hpp"
#include "domain/notice.hpp"
#include "domain/reason.hpp"
#include "storage/daemon_store.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace tongbao::client {

/// A notice as a person or program hands it over: what is left out, the charter fills in.
struct Draft {
    KindId kind;
    /// Units, and addresses that mean all enrolled local units of a system.
    std::optional<std::vector<UnitAddress>> to;
    std::optional<std::vector<UnitAddress>> cc;
    std::optional<CaseNumber> case_number;
    std::optional<NoticeId> in_reply_to;
    std::optional<std::string> title;
    std::optional<std::string> doc_no;
    std::optional<std::string> secrecy;
    std::optional<std::string> urgency;
    std::vector<Field> fields;
    std::vector<AttachmentItem> attachments;  ///< sizes are filled in
};

/// Reads a draft; docs/PROTOCOL.md lists its members.
///
/// Errors: those of read_json; missing_member, unknown_member, wrong_type, bad_value.
[[nodiscard]] Checked<Draft> read_draft(BytesView text);

/// Drafts that may be handed over in one request, and the bytes of its body.
inline constexpr std::size_t kMaxDraftsAtOnce = 1024;
inline constexpr std::size_t kMaxDraftsBytes = 512 * 1024;

/// Reads an array of drafts. What is wrong with one of them is the matter of that one.
///
/// Errors: those of read_json; wrong_type for what is no array; bad_value for an empty one or one
/// of more than kMaxDraftsAtOnce.
[[nodiscard]] Checked<std::vector<Checked<Draft>>> read_drafts(BytesView text);

/// A notice that is ready to be stored.
struct PreparedNotice {
    storage::SentItem item;
    /// What must be signed besides before it may be sent; empty: it goes into the outbox.
    std::vector<Endorsement> needed;
    /// The files that it names.
    std::vector<Digest> files;
};

/// Makes notices of drafts.
class DraftDesk {
public:
    /// `services` outlive the object.
    explicit DraftDesk(Services& services) : services_(services) {}

    /// Completes and checks the draft: the notice as it is to stand in the outbox, or to be held.
    /// Stores nothing.
    ///
    /// An address of local units is replaced by those that this unit's copy of the register has
    /// enrolled, but the sender.
    ///
    /// Faults, all at once: those of check_notice and check_detached_tables, of
    /// check_answer and then check_answered_act, as far as the notice it answers is here;
    /// Errc::attachment_not_uploaded for a file that was not handed over before; Errc::too_large;
    /// Errc::storage_full.
    [[nodiscard]] std::variant<PreparedNotice, Reasons> prepare(Draft draft) const;

private:
    [[nodiscard]] Notice complete(Draft draft, const Kind* kind, const std::optional<Notice>& asked,
                                  const Reach& reach) const;
    [[nodiscard]] Reasons fill_sizes(Notice& notice) const;
    [[nodiscard]] std::optional<Notice> find_notice(const NoticeId& id) const;

    Services& services_;
};

}  // namespace tongbao::client
