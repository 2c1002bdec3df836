#pragma once

#include "client/daemon/search_desk.hpp"
#include "tests/client/daemon/local_stage.hpp"

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// Dike's daemon with the index of what it holds.
namespace tongbao::testing {

struct Searching : Asking {
    /// The tables that came as attachments.
    std::map<Digest, Table> tables;
    storage::TemporaryFolder place{storage::memory_path()};
    std::optional<SearchDesk> desk;
    /// Why there is no room on the disk.
    std::optional<Errc> room;

    Searching() { open_desk(); }
    ~Searching() {
        daemon.services->search = nullptr;
        desk.reset();
    }
    Searching(const Searching&) = delete;
    Searching& operator=(const Searching&) = delete;
    Searching(Searching&&) = delete;
    Searching& operator=(Searching&&) = delete;

    void open_desk() {
        desk.reset();
        const auto read_table = [this](const Digest& sha256) -> Result<std::optional<Table>> {
            const auto found = tables.find(sha256);
            if (found == tables.end()) return std::optional<Table>();
            return std::optional<Table>(found->second);
        };
        const auto admit = [this](std::uint64_t) {
            return room ? Result<void>(*room) : Result<void>();
        };
        desk.emplace(
            SearchHome{UnitId("dike"), daemon.services->charter, daemon.services->charter_digest,
                       place.path(), *daemon.store, daemon.logging, read_table, admit},
            daemon.events.bell());
        daemon.services->search = &*desk;
    }

    void catch_up() { REQUIRE(daemon.run(desk->catch_up()).has_value()); }

    /// A notice of ours, settled so.
    void settles(const Notice& notice, storage::SentState state, std::uint64_t index) {
        storage::SentItem item;
        item.id = notice.id.value();
        item.bytes = leaf_of(notice);
        REQUIRE(daemon.store->enqueue({item}).has_value());
        item.state = state;
        item.index = LogIndex(index);
        item.outcome = "{}";
        REQUIRE(daemon.store->settle({item}, "").has_value());
    }

    /// What a question finds, and where: `9 fields.site`.
    std::vector<std::string> found(const std::string& query) {
        const transport::Response response = ask("GET", "/v1/search?" + query);
        REQUIRE(response.status == 200);
        std::vector<std::string> out;
        const nlohmann::json answer = body_of(response);
        for (const auto& notice : answer.at("notices")) {
            std::string line = std::to_string(notice.at("index").get<int>());
            for (const auto& each : notice.at("where")) {
                line += ' ' + each.at("field").get<std::string>();
            }
            out.push_back(std::move(line));
        }
        return out;
    }
    std::vector<std::string> found_text(const std::string& text) {
        return found("q=" + transport::percent_encode(text));
    }
};

}  // namespace tongbao::testing
