#include "client/daemon/due_check.hpp"

#include "client/daemon/alarm.hpp"
#include "client/daemon/notice_archive.hpp"
#include "program/blocking.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

namespace tongbao::client {
namespace {

namespace asio = boost::asio;

/// Whether charter and notice give this clock at its unit; also where they can't be asked.
bool is_clock_of(const DueClock& clock, const Notice& notice, const Charter& charter) {
    if (notice.charter != charter.id() || notice.charter_version != charter.version()) return true;
    const Kind* const kind = charter.find_kind(notice.kind);
    const Checked<std::vector<ClockTerms>> terms = clock_terms(charter, notice, clock.unit);
    // A notice that breaks its charter is kept too, and then gives no terms.
    if (kind == nullptr || !terms) return true;
    return std::any_of(terms->begin(), terms->end(), [&clock, kind](const ClockTerms& each) {
        if (each.id.purpose != clock.purpose || each.id.row != clock.row) return false;
        return !clock.reply || kind->replies[each.id.reply].kind == *clock.reply;
    });
}

/// Compares clocks with what is held; each notice is opened once.
class HeldNotices {
public:
    HeldNotices(const UnitId& own, const Charter& charter, const storage::DaemonStore& store,
                std::optional<LogIndex> received)
        : own_(own), charter_(charter), archive_(store), received_(received) {}

    [[nodiscard]] Checked<void> check(DueClock& clock, const std::string& place) {
        const auto [known, first] = found_.try_emplace(clock.notice.index);
        if (first) {
            Result<ArchivedNotice> found = archive_.find_at(clock.notice.index);
            if (found) {
                known->second = Held{std::move(found->notice), found->sha256};
            } else if (found.error() != Errc::not_found) {
                return Reason{to_errc(found.error()), place + ".notice", {}};
            }
        }
        if (!known->second) return check_missing(clock, place);
        clock.held = true;
        return compare(clock, *known->second, place);
    }

private:
    /// What is compared: no more is kept, since a page may name many notices.
    struct Held {
        Notice notice;
        Digest sha256;
    };

    [[nodiscard]] Checked<void> check_missing(const DueClock& clock,
                                              const std::string& place) const {
        // Deliveries come in the order of the log: what is behind the last one may still come.
        if (clock.unit != own_ || !received_ || *received_ < clock.notice.index) return {};
        return Reason{Errc::entry_mismatch, place + ".notice",
                      "the hub delivered no notice of this index to this unit"};
    }

    [[nodiscard]] Checked<void> compare(const DueClock& clock, const Held& held,
                                        const std::string& place) const {
        const Notice& notice = held.notice;
        const auto differs = [&place](const char* member) {
            return Reason{Errc::entry_mismatch, place + member,
                          "is not what the notice says that this daemon holds"};
        };
        if (clock.notice.sha256 != held.sha256) return differs(".notice.sha256");
        if (clock.id != notice.id.value()) return differs(".id");
        if (clock.kind != notice.kind) return differs(".kind");
        if (clock.from != notice.from) return differs(".from");
        if (!contains(notice.to, clock.unit)) return differs(".unit");
        if (!is_clock_of(clock, notice, charter_)) {
            return differs(clock.row.empty() ? ".purpose" : ".row");
        }
        return {};
    }

    const UnitId& own_;
    const Charter& charter_;
    NoticeArchive archive_;
    std::optional<LogIndex> received_;
    std::map<LogIndex, std::optional<Held>> found_;
};

}  // namespace

Checked<void> check_due_notices(DueList& list, const UnitId& own, const Charter& charter,
                                const storage::DaemonStore& store) {
    const Result<std::optional<LogIndex>> received = store.resume_position();
    if (!received) return Reason{to_errc(received.error()), {}, {}};
    HeldNotices held(own, charter, store, *received);
    std::size_t at = 0;
    for (DueClock& clock : list.clocks) {
        const std::string place = "clocks[" + std::to_string(at++) + ']';
        const Checked<void> checked = held.check(clock, place);
        if (!checked) return checked.error();
    }
    return {};
}

asio::awaitable<Checked<DueList>> fetch_due(Services& services, DueQuestion question) {
    HubRequests requests(services);
    co_return co_await fetch_due(services, requests, std::move(question));
}

asio::awaitable<Checked<DueList>> fetch_due(Services& services, HubRequests& requests,
                                            DueQuestion question) {
    const Result<Bytes> answer = co_await requests.get(due_target(question), kMaxDueBytes);
    if (!answer) {
        co_return list_fault(to_errc(answer.error()), "does not tell what is due", "the clocks");
    }
    const auto check = [&services, &question, &answer]() -> Checked<DueList> {
        const UnitId& own = services.config.unit;
        Checked<DueList> list = read_due_list(*answer, question, own, *services.charter);
        if (!list) {
            const Reason& fault = list.error();
            std::string words = "the hub's answer: " + std::string(code(fault.code));
            if (!fault.explanation.empty()) words += ": " + fault.explanation;
            return Reason{Errc::protocol_violation, fault.place, std::move(words)};
        }
        const Checked<void> held = check_due_notices(*list, own, *services.charter, services.store);
        if (!held) return held.error();
        return list;
    };
    Checked<DueList> list = co_await program::run_blocking(services.pool, check);
    if (!list && list.error().code == Errc::entry_mismatch) {
        raise_alarm(services, "what is due", list.error());
    }
    co_return list;
}

}  // namespace tongbao::client
