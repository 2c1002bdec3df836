#include "domain/bytes.hpp"
#include "tests/integration/own_service.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <vector>

using namespace tongbao::testing;

namespace {

constexpr std::uint64_t kDiskMib = 256;
/// What must stay free.
constexpr std::uint64_t kLeastMib = 64;

/// A small disk of its own, if this process may mount one.
class SmallDisk {
public:
    explicit SmallDisk(std::filesystem::path folder) : folder_(std::move(folder)) {
        std::filesystem::create_directory(folder_);
        const std::string size = "size=" + std::to_string(kDiskMib) + "m,mode=0700";
        mounted_ = ::mount("tongbao-test", folder_.c_str(), "tmpfs", 0, size.c_str()) == 0;
    }
    // Whoever still has a file open there is ended after this one: it goes when they do.
    ~SmallDisk() {
        if (mounted_) ::umount2(folder_.c_str(), MNT_DETACH);
    }
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;
    SmallDisk(SmallDisk&&) = delete;
    SmallDisk& operator=(SmallDisk&&) = delete;

    [[nodiscard]] bool mounted() const { return mounted_; }
    [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

    /// Leaves so much.
    void fill(std::uint64_t left) const {
        struct statvfs status {};
        REQUIRE(::statvfs(folder_.c_str(), &status) == 0);
        const std::uint64_t free = status.f_bavail * status.f_frsize;
        REQUIRE(free > left);
        const int file = ::open((folder_ / "ballast").c_str(), O_CREAT | O_WRONLY, 0600);
        REQUIRE(file >= 0);
        CHECK(::posix_fallocate(file, 0, static_cast<off_t>(free - left)) == 0);
        ::close(file);
    }
    void make_room() const { std::filesystem::remove(folder_ / "ballast"); }

private:
    std::filesystem::path folder_;
    bool mounted_{false};
};

/// A service whose disk a test makes full: a small one, or, where none can be mounted, the disk
/// that is there with a watermark that no disk has.
class Squeezed {
public:
    Squeezed(const LiveSandbox& sandbox, OwnService& service)
        : service_(service), disk_(sandbox.folder() / "disk") {
        service.configure("", limits(kLeastMib));
        if (disk_.mounted()) {
            service.move_data(disk_.folder());
        } else {
            MESSAGE("no disk can be mounted here (that takes root): the watermark is set instead");
        }
        service.start();
    }

    void fill() {
        if (disk_.mounted()) return disk_.fill((kLeastMib - 8) * tongbao::kMebibyte);
        restart_with(kLeastMib, kNever);
    }
    void make_room() {
        if (disk_.mounted()) return disk_.make_room();
        restart_with(kNever, kLeastMib);
    }

private:
    static constexpr std::uint64_t kNever = tongbao::kMebibyte;  // of mebibytes: a tebibyte

    static std::string limits(std::uint64_t mebibytes) {
        return "\n[limits]\nfree_space_mib = " + std::to_string(mebibytes) + '\n';
    }
    void restart_with(std::uint64_t from, std::uint64_t to) {
        service_.stop();
        service_.configure(limits(from), limits(to));
        service_.start();
    }

    OwnService& service_;
    SmallDisk disk_;
};

bool serves(const LiveSandbox& sandbox, const std::string& unit) {
    return sandbox.as(unit, "status").exit_code == 0;
}

/// The ids of what arrived, oldest first.
std::vector<std::string> inbox_of(const LiveSandbox& sandbox, const std::string& unit) {
    const Json inbox = sandbox.json_as(unit, "inbox --limit 1000");
    std::vector<std::string> ids;
    for (const Json& notice : inbox.at("notices")) ids.push_back(notice.at("id"));
    std::reverse(ids.begin(), ids.end());
    return ids;
}

}  // namespace

TEST_SUITE("the disk is full") {
    TEST_CASE("the hub refuses new work and reads on, and what waited arrives once there is room") {
        const LiveSandbox sandbox("guangdong-2020");
        OwnService hub = OwnService::hub(sandbox);
        Squeezed disk(sandbox, hub);
        wait_until("connected", [&] { return is_connected(sandbox, "hsa"); });
        std::vector<std::string> sent{send_numbered(sandbox, "hsa", 0)};
        static_cast<void>(sandbox.wait_for_inbox("office", 1));
        wait_until("sent", [&] { return outbox_of(sandbox, "hsa") == 0; });

        disk.fill();
        wait_until("the hub says so",
                   [&] { return count(hub.log(), "\"event\":\"storage_full\"") == 1; });
        wait_until("connected", [&] { return is_connected(sandbox, "hsa"); });
        for (std::size_t i = 1; i <= 5; ++i) sent.push_back(send_numbered(sandbox, "hsa", i));
        wait_until("refused", [&] {
            return sandbox.json_as("hsa", "status").at("hub").at("last_error") == "storage_full";
        });
        CHECK(outbox_of(sandbox, "hsa") == 5);
        const RawUnit police(sandbox, "police");
        Json notice = police.notice("agenda_item");
        const Json refused = police.submit(notice.dump());
        CHECK(refused.at("http_status") == 507);
        CHECK(refused.at("code") == "storage_full");

        // Reading goes on: the trail, the proof and the whole log.
        CHECK(sandbox.as("hsa", "trail " + sent.front()).exit_code == 0);
        const std::string where = (sandbox.folder() / "s").string();
        const CommandResult audit = sandbox.tongbao("audit verify --sandbox " + where);
        INFO(audit.output);
        CHECK(audit.exit_code == 0);
        CHECK(inbox_of(sandbox, "office").size() == 1);

        disk.make_room();
        wait_until("work goes on by itself", [&] { return outbox_of(sandbox, "hsa") == 0; });
        static_cast<void>(sandbox.wait_for_inbox("office", sent.size()));
        CHECK(inbox_of(sandbox, "office") == sent);
        CHECK(count(hub.log(), "\"event\":\"storage_full\"") == 1);
        CHECK(sandbox.tongbao("audit verify --sandbox " + where).exit_code == 0);
    }

    TEST_CASE(
        "a daemon refuses drafts and acts, takes no deliveries, and goes on once there is room") {
        const LiveSandbox sandbox("guangdong-2020");
        OwnService daemon = OwnService::daemon(sandbox, "office");
        Squeezed disk(sandbox, daemon);
        const auto connected = [&] {
            return serves(sandbox, "office") && is_connected(sandbox, "office");
        };
        wait_until("connected", connected);
        std::vector<std::string> sent{send_numbered(sandbox, "hsa", 0)};
        static_cast<void>(sandbox.wait_for_inbox("office", 1));

        disk.fill();
        wait_until("the daemon says so",
                   [&] { return count(daemon.log(), "\"event\":\"storage_full\"") == 1; });
        wait_until("connected", connected);
        const CommandResult status = sandbox.as("office", "status");
        CHECK(status.output.find("DISK FULL") != std::string::npos);
        CHECK(sandbox.as("office", "sign-for " + sent.front()).output.find("storage_full") !=
              std::string::npos);
        for (std::size_t i = 1; i <= 5; ++i) sent.push_back(send_numbered(sandbox, "hsa", i));
        wait_until("logged", [&] { return outbox_of(sandbox, "hsa") == 0; });
        CHECK(sandbox.as("office", "show " + sent.front()).exit_code == 0);
        CHECK(sandbox.as("office", "trail " + sent.front()).exit_code == 0);
        CHECK(inbox_of(sandbox, "office").size() == 1);

        disk.make_room();
        static_cast<void>(sandbox.wait_for_inbox("office", sent.size()));
        CHECK(inbox_of(sandbox, "office") == sent);
        CHECK(sandbox.as("office", "sign-for " + sent.front()).exit_code == 0);
        CHECK(count(daemon.log(), "\"event\":\"storage_full\"") == 1);
    }
}
