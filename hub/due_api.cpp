#include "hub/due_api.hpp"

#include "domain/clock_words.hpp"
#include "hub/due_query.hpp"
#include "hub/http_answer.hpp"
#include "program/blocking.hpp"
#include "protocol/clock_event_json.hpp"
#include "protocol/json_writer.hpp"

#include <map>
#include <utility>
#include <vector>

namespace tongbao::hub {
namespace {

namespace asio = boost::asio;
using storage::ClockRecord;
using transport::Response;

constexpr std::size_t kClocksPerPage = 256;
/// What is passed over for one page, so that one question costs no more than so many looks.
constexpr std::size_t kMostLooked = 4096;

std::string text_of(const MomentOrDay& start) {
    const auto* const moment = std::get_if<UtcTime>(&start);
    return moment != nullptr ? format_utc(*moment) : format_day(std::get<LocalDay>(start));
}

/// Whether the caller may know of the clocks of a record, and asked for them.
class DueFilter {
public:
    DueFilter(const Services& services, const Caller& caller, const DueQuery& query)
        : notices_(services.notices),
          caller_(caller),
          self_(*caller.unit),
          office_(caller.office(*services.deployment.charter)),
          unit_(query.unit),
          charter_(*services.deployment.charter) {}

    /// Whose clocks to look through; none: everybody's.
    [[nodiscard]] std::optional<UnitId> party() const {
        return office_ ? unit_ : std::optional(self_);
    }

    enum class Part { nothing, clock };

    [[nodiscard]] Result<Part> part(const ClockRecord& record) const {
        const auto is_party = [&record](const UnitId& unit) {
            return record.unit == unit || record.from == unit;
        };
        if (unit_ && !is_party(*unit_)) return Part::nothing;
        if (is_party(self_)) return Part::clock;
        if (!office_) return Part::nothing;
        // What answers a restricted notice is restricted, whatever its kind.
        const Result<Readers> readers = notices_.readers_at(record.notice);
        if (!readers) return readers.error();
        const LoggedKind logged{record.kind, *readers == Readers::parties};
        return caller_.may_know_of(logged, charter_) ? Part::clock : Part::nothing;
    }

private:
    const NoticeIndex& notices_;
    const Caller& caller_;
    const UnitId& self_;
    bool office_;
    const std::optional<UnitId>& unit_;
    const Charter& charter_;
};

/// One page, written clock by clock.
class DuePage {
public:
    DuePage(const ClockKeeper& keeper, UtcTime now) : keeper_(keeper), now_(now) {
        writer_.begin_object().key("clocks").begin_array();
    }

    void add(const storage::OpenClock& open) {
        const Shown& shown = shown_of(open);
        const LimitClock& clock = shown.view.clocks[open.place.clock];
        // Closed between the index and the record it can't be: both are of one state.
        if (!is_open(clock, now_)) return;
        write(*open.record, open.place.clock, clock, shown.flags);
        ++count_;
    }

    [[nodiscard]] std::size_t count() const noexcept { return count_; }

    [[nodiscard]] std::string finish(const std::optional<storage::OpenClockPlace>& next) {
        writer_.end_array();
        if (next) writer_.member("next", cursor_text(*next));
        writer_.end_object();
        return writer_.take();
    }

private:
    /// A record of this page, with what is said alike of all its clocks.
    struct Shown {
        std::shared_ptr<const ClockRecord> record;
        ClockView view;
        Marks flags;
    };

    const Shown& shown_of(const storage::OpenClock& open) {
        const auto known = shown_.find(open.record.get());
        if (known != shown_.end()) return known->second;
        Shown shown{open.record, keeper_.view(*open.record), {}};
        shown.flags = marked(standing_from(open.standing), shown.view, now_).marks;
        return shown_.emplace(open.record.get(), std::move(shown)).first->second;
    }

    void write(const ClockRecord& record, std::uint16_t place, const LimitClock& clock,
               Marks flags) {
        writer_.begin_object().key("notice");
        protocol::write_notice_ref(writer_, {record.sha256, record.notice});
        writer_.member("id", record.id.text()).member("kind", record.kind.value());
        writer_.member("from", record.from.value()).member("unit", record.unit.value());
        const bool receipt = clock.id.purpose == ClockId::Purpose::receipt;
        writer_.member("purpose", receipt ? "receipt" : "reply");
        if (!receipt) writer_.member("reply", record.clocks[place].asked.value());
        if (!clock.id.row.empty()) writer_.member("row", clock.id.row);
        const bool running = status_at(clock, now_) == ClockStatus::running;
        writer_.member("status", running ? "running" : "not_started");
        if (running && clock.start) writer_.member("start", text_of(*clock.start));
        if (const auto due = due_of(clock)) writer_.member("due", format_utc(*due));
        writer_.key("owed").boolean(clock.owed);
        write_flags(flags);
        const std::optional<UtcTime> overdue = overdue_since(clock);
        if (overdue && *overdue < now_) writer_.member("overdue_since", format_utc(*overdue));
        if (clock.fault) {
            writer_.key("fault").begin_object().member("code", code(clock.fault->code));
            writer_.member("detail", clock.fault->explanation).end_object();
        }
        write_steps(record, place);
        writer_.end_object();
    }

    void write_flags(Marks flags) {
        writer_.key("flags").begin_array();
        for (std::size_t i = 0; i < kMarkWords.size(); ++i) {
            const auto mark = static_cast<Mark>(i);
            if (flags.has(mark)) writer_.text(word(mark));
        }
        writer_.end_array();
    }

    void write_steps(const ClockRecord& record, std::uint16_t place) {
        writer_.key("steps").begin_array();
        for (const storage::DoneStep& step : record.done) {
            if (step.clock != place) continue;
            writer_.begin_object().key("step").number(std::uint64_t{step.step});
            writer_.member("deed", word(record.steps[step.step].deed));
            writer_.member("due", format_utc(step.due)).member("done", format_utc(step.done));
            writer_.key("index").number(step.entry.value()).end_object();
        }
        writer_.end_array();
    }

    const ClockKeeper& keeper_;
    UtcTime now_;
    protocol::JsonWriter writer_;
    std::size_t count_{0};
    std::map<const ClockRecord*, Shown> shown_;
};

Result<std::string> read_page(const Services& services, const Caller& caller,
                              const DueQuery& query) {
    const DueFilter filter(services, caller, query);
    storage::OpenClockQuery wanted{filter.party(), query.after, query.until, kClocksPerPage};
    DuePage page(*services.deployment.clocks, services.clock.now());
    for (std::size_t looked = 0;;) {
        const Result<std::vector<storage::OpenClock>> open =
            services.store.read_open_clocks(wanted);
        if (!open) return open.error();
        for (const storage::OpenClock& each : *open) {
            if (page.count() == kClocksPerPage) return page.finish(wanted.after);
            wanted.after = each.place;
            const Result<DueFilter::Part> part = filter.part(*each.record);
            if (!part) return part.error();
            if (*part == DueFilter::Part::clock) page.add(each);
        }
        looked += open->size();
        if (open->size() < wanted.limit) return page.finish(std::nullopt);
        if (looked >= kMostLooked) return page.finish(wanted.after);
    }
}

}  // namespace

asio::awaitable<Response> DueApi::due(const Caller& caller, std::string target) const {
    if (caller.auditor() || services_.deployment.clocks == nullptr) {
        co_return problem_answer(Errc::not_found);
    }
    Checked<DueQuery> query = read_due_query(target);
    if (!query) co_return problem_answer(query.error().code, {query.error()});
    const auto read = [this, caller, query = *std::move(query)]() -> Response {
        const Result<std::string> page = read_page(services_, caller, query);
        if (!page) return problem_answer(to_errc(page.error()));
        return json_answer(200, *page);
    };
    co_return co_await program::run_blocking(services_.pool, read);
}

}  // namespace tongbao::hub
