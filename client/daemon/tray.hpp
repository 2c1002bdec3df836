#pragma once

#include "client/daemon/open_steps.hpp"
#include "client/daemon/services.hpp"
#include "client/daemon/tray_memory.hpp"
#include "domain/charter.hpp"
#include "domain/ids.hpp"
#include "domain/reason.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace tongbao::client {

/// A draft in the office's tray: a step of an escalation asks for a notice that a person completes,
/// signs and sends. It goes to the unit that owes. Its name is the index of the step's entry.
struct TrayItem {
    /// Borrowed.
    const OpenStep* step{nullptr};
    KindId kind;
    /// It answers the notice that the step is of.
    bool answers{false};
    /// The case of that notice, as far as this daemon knows it.
    std::optional<CaseNumber> case_number{};
    /// What the draft still lacks: the places of check_notice, such as `fields.days`, `case` and
    /// `attachments.order`.
    std::vector<std::string> missing{};
};

/// The drafts that the charter has laid before the office `own`, with what each says of itself,
/// whether dealt with or not: of each step whose rule names a kind that the office may send to who
/// owes. One that nobody may send is none. The order is that of the steps, which it borrows. Reads
/// a notice an item from `store`; blocks.
///
/// Errors: those of the store.
[[nodiscard]] Result<std::vector<TrayItem>> laid_drafts(const OpenSteps& steps, const UnitId& own,
                                                        const Charter& charter,
                                                        const storage::DaemonStore& store);

/// Whether a notice deals with the draft: of its kind, to who owes, answering the notice or, where
/// the draft answers none, of its case, and logged behind the step or still on its way.
[[nodiscard]] bool deals_with(const SentDraft& sent, const TrayItem& item);

/// The body for POST /v1/notices: `kind`, `to`, and where they are known `in_reply_to` and `case`.
[[nodiscard]] std::string draft_body(const TrayItem& item);

/// `{"drafts": […], "complete": …}`, as GET /v1/tray gives them; days over are those at `now`.
[[nodiscard]] std::string write_tray(const std::vector<TrayItem>& items, bool complete,
                                     const Charter& charter, UtcTime now);

/// The office's tray.
class TrayDesk {
public:
    /// `services` outlive the object.
    explicit TrayDesk(Services& services) : services_(services) {}

    /// Whether this unit has the tray: the office alone.
    [[nodiscard]] bool is_here() const;

    /// Of `steps`, which it borrows, the drafts that nobody has dealt with.
    ///
    /// Errors: those of the store and of DiscardedDrafts::open.
    [[nodiscard]] boost::asio::awaitable<Result<std::vector<TrayItem>>> lying(
        const OpenSteps& steps);

    /// Notes durably that a draft was discarded. Errors: those of DiscardedDrafts.
    [[nodiscard]] boost::asio::awaitable<Result<void>> discard(DiscardedDraft draft);

private:
    [[nodiscard]] Result<std::vector<TrayItem>> remaining(const OpenSteps& steps) const;

    Services& services_;
};

}  // namespace tongbao::client
