#include "hub/dispatch_api.hpp"

#include "hub/dispatch_query.hpp"
#include "hub/http_answer.hpp"
#include "hub/log_showing.hpp"
#include "program/blocking.hpp"
#include "protocol/json_writer.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace tongbao::hub {
namespace {

namespace asio = boost::asio;
using storage::DispatchRow;
using transport::Response;

constexpr std::size_t kItemsPerPage = 64;
/// What is passed over for one answer, so that one question costs no more than so many looks.
constexpr std::size_t kMostItemsLooked = 4096;
constexpr std::size_t kRowsPerRead = 256;
constexpr std::size_t kMostBytesRead = std::size_t{8} * 1024 * 1024;

std::optional<DispatchStage> stage_behind(DispatchStage stage) {
    if (stage == DispatchStage::withdrawn) return std::nullopt;
    return static_cast<DispatchStage>(static_cast<std::uint8_t>(stage) + 1);
}

/// Items that the caller may know of, in their order.
class VisibleItems {
public:
    VisibleItems(const Services& services, const Caller& caller)
        : services_(services),
          caller_(caller),
          self_(*caller.unit),
          office_(caller.office(charter())) {}

    /// What the caller may know of an item.
    enum class Part { nothing, item, acts };

    [[nodiscard]] Result<Part> part(const DispatchRow& row) const {
        if (row.place.from == self_) return Part::acts;
        if (!office_) return Part::nothing;
        const Result<LoggedKind> logged = services_.notices.kind_at(row.place.notice);
        if (!logged) return logged.error();
        if (!caller_.may_know_of(*logged, charter())) return Part::nothing;
        const bool all = charter().find_kind(logged->kind)->office_sees == OfficeSees::all;
        return all ? Part::acts : Part::item;
    }

    /// The next items behind `query.after`, the caller's or, for the office, everybody's.
    [[nodiscard]] Result<std::vector<DispatchRow>> read(storage::DispatchQuery query) const {
        if (!office_) query.from = self_;
        return services_.store.read_dispatches(query);
    }

private:
    [[nodiscard]] const Charter& charter() const { return *services_.deployment.charter; }

    const Services& services_;
    const Caller& caller_;
    const UnitId& self_;
    bool office_;
};

/// One page, written item by item.
class DispatchPage {
public:
    DispatchPage(const Services& services, TreeSize known)
        : services_(services), showing_(services.store, services.tree, services.head, known) {}

    [[nodiscard]] Result<void> begin() {
        const Result<protocol::HeadUpdate> head = showing_.update();
        if (!head) return head.error();
        writer_.begin_object().member("checkpoint", head->checkpoint);
        write_path("consistency", head->consistency);
        writer_.key("items").begin_array();
        return {};
    }

    /// What was logged after the head was read is passed over: the next question shows it.
    [[nodiscard]] Result<void> add(const DispatchRow& row, bool with_acts) {
        std::vector<std::pair<LogIndex, protocol::ProvedEntry>> proved;
        std::vector<LogIndex> indexes{row.place.notice};
        indexes.insert(indexes.end(), row.entries.begin(), row.entries.end());
        for (const LogIndex index : indexes) {
            Result<protocol::ProvedEntry> entry = showing_.prove(index);
            if (!entry && entry.error() == Errc::not_in_tree) return {};
            if (!entry) return entry.error();
            proved.emplace_back(index, *std::move(entry));
        }
        writer_.begin_object()
            .member("unit", row.place.unit.value())
            .member("state", word(row.place.stage));
        writer_.key("entries").begin_array();
        for (const auto& [index, entry] : proved) {
            writer_.begin_object().key("index").number(index.value());
            writer_.member("entry", to_base64(entry.entry));
            write_path("proof", entry.path);
            writer_.end_object();
        }
        writer_.end_array();
        if (with_acts) {
            const Result<void> written = write_acts(row);
            if (!written) return written.error();
        }
        writer_.end_object();
        ++count_;
        return {};
    }

    /// An act is read with the batch that it came in, however large that is.
    [[nodiscard]] bool full() const noexcept {
        return count_ == kItemsPerPage || read_bytes_ > kMostBytesRead;
    }

    [[nodiscard]] std::string finish(const std::optional<storage::DispatchPlace>& next) {
        writer_.end_array();
        if (next) writer_.member("next", cursor_text(*next));
        return writer_.end_object().take();
    }

private:
    void write_path(std::string_view name, const std::vector<Digest>& digests) {
        writer_.key(name).begin_array();
        for (const Digest& digest : digests) writer_.text(digest.base64());
        writer_.end_array();
    }

    /// Of the entries only the sender's acts have bytes: what took the notice back is the hub's.
    [[nodiscard]] Result<void> write_acts(const DispatchRow& row) {
        writer_.key("acts").begin_array();
        for (const LogIndex index : row.entries) {
            const Result<storage::StoredBatch> batch = services_.store.read_batch(index);
            if (!batch) return batch.error();
            for (const storage::StoredLeaf& each : batch->leaves) read_bytes_ += each.bytes.size();
            const auto leaf = std::find_if(
                batch->leaves.begin(), batch->leaves.end(),
                [index](const storage::StoredLeaf& each) { return each.index == index; });
            if (leaf != batch->leaves.end()) writer_.text(to_base64(leaf->bytes));
        }
        writer_.end_array();
        return {};
    }

    const Services& services_;
    LogShowing showing_;
    protocol::JsonWriter writer_;
    std::size_t count_{0};
    std::size_t read_bytes_{0};
};

Result<std::string> read_dispatch_page(const Services& services, const Caller& caller,
                                       const DispatchListQuery& query) {
    const VisibleItems items(services, caller);
    DispatchPage page(services, query.known);
    if (const Result<void> begun = page.begin(); !begun) return begun.error();
    std::size_t looked = 0;
    std::optional<storage::DispatchPlace> last = query.after;
    std::optional<DispatchStage> stage = query.stage;
    if (!stage) stage = last ? last->stage : DispatchStage::open;
    while (stage) {
        storage::DispatchQuery wanted{*stage, std::nullopt, std::nullopt, kRowsPerRead};
        if (last && last->stage == *stage) wanted.after = last;
        const Result<std::vector<DispatchRow>> rows = items.read(wanted);
        if (!rows) return rows.error();
        for (const DispatchRow& row : *rows) {
            if (page.full() || looked == kMostItemsLooked) return page.finish(last);
            ++looked;
            last = row.place;
            const Result<VisibleItems::Part> part = items.part(row);
            if (!part) return part.error();
            if (*part == VisibleItems::Part::nothing) continue;
            const Result<void> added = page.add(row, *part == VisibleItems::Part::acts);
            if (!added) return added.error();
        }
        if (rows->size() < kRowsPerRead) {
            stage = query.stage ? std::nullopt : stage_behind(*stage);
        }
    }
    return page.finish(std::nullopt);
}

Result<std::size_t> count_items(const VisibleItems& items, DispatchStage stage) {
    std::size_t count = 0;
    std::size_t looked = 0;
    storage::DispatchQuery wanted{stage, std::nullopt, std::nullopt, kRowsPerRead};
    while (looked < kMostItemsLooked && count < DispatchApi::kMostCounted) {
        const Result<std::vector<DispatchRow>> rows = items.read(wanted);
        if (!rows) return rows.error();
        for (const DispatchRow& row : *rows) {
            const Result<VisibleItems::Part> part = items.part(row);
            if (!part) return part.error();
            if (*part != VisibleItems::Part::nothing) ++count;
        }
        looked += rows->size();
        if (rows->size() < kRowsPerRead) break;
        wanted.after = rows->back().place;
    }
    return std::min(count, DispatchApi::kMostCounted);
}

}  // namespace

asio::awaitable<Response> DispatchApi::list(const Caller& caller, std::string target) const {
    if (caller.auditor()) co_return problem_answer(Errc::not_found);
    const Checked<DispatchListQuery> query = read_dispatch_query(target);
    if (!query) co_return problem_answer(query.error().code, {query.error()});
    // What stands between the caller's items and another place is not his to find out.
    const bool others = query->after && query->after->from != *caller.unit &&
                        !caller.office(*services_.deployment.charter);
    if (others) {
        const Reason fault{Errc::bad_value, "after", {}};
        co_return problem_answer(fault.code, {fault});
    }
    const auto read = [this, caller, query = *query]() -> Response {
        const Result<std::string> page = read_dispatch_page(services_, caller, query);
        if (!page) return problem_answer(to_errc(page.error()));
        return json_answer(200, *page);
    };
    co_return co_await program::run_blocking(services_.pool, read);
}

asio::awaitable<Response> DispatchApi::count(const Caller& caller) const {
    if (caller.auditor()) co_return problem_answer(Errc::not_found);
    const auto read = [this, caller]() -> Response {
        const VisibleItems items(services_, caller);
        const Result<std::size_t> open = count_items(items, DispatchStage::open);
        if (!open) return problem_answer(to_errc(open.error()));
        const Result<std::size_t> bare = count_items(items, DispatchStage::registered);
        if (!bare) return problem_answer(to_errc(bare.error()));
        protocol::JsonWriter writer;
        writer.begin_object().key("open").number(std::uint64_t{*open});
        writer.key("without_evidence").number(std::uint64_t{*bare}).end_object();
        return json_answer(200, writer.take());
    };
    co_return co_await program::run_blocking(services_.pool, read);
}

}  // namespace tongbao::hub
