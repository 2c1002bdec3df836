#include "client/daemon/peer_check.hpp"

#include <grp.h>
#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

namespace tongbao::client {
namespace {

constexpr std::size_t kRecordBytes = std::size_t{64} * 1024;
constexpr int kMostGroups = 65536;  // NGROUPS_MAX of Linux
constexpr mode_t kOwnerAndGroup = 0660;

std::optional<gid_t> group_id(const std::string& name) {
    std::vector<char> buffer(kRecordBytes);
    group record{};
    group* found = nullptr;
    if (::getgrnam_r(name.c_str(), &record, buffer.data(), buffer.size(), &found) != 0 ||
        found == nullptr) {
        return std::nullopt;
    }
    return record.gr_gid;
}

}  // namespace

bool SystemGroups::contains(const std::string& group, const transport::LocalPeer& peer) const {
    const std::optional<gid_t> wanted = group_id(group);
    if (!wanted) return false;
    if (peer.gid == *wanted) return true;
    std::vector<char> buffer(kRecordBytes);
    passwd record{};
    passwd* found = nullptr;
    if (::getpwuid_r(peer.uid, &record, buffer.data(), buffer.size(), &found) != 0 ||
        found == nullptr) {
        return false;
    }
    int count = kMostGroups;
    std::vector<gid_t> groups(static_cast<std::size_t>(kMostGroups));
    if (::getgrouplist(record.pw_name, record.pw_gid, groups.data(), &count) < 0) return false;
    groups.resize(static_cast<std::size_t>(count));
    return std::find(groups.begin(), groups.end(), *wanted) != groups.end();
}

bool PeerCheck::is_own(const transport::Peer& peer) const noexcept {
    constexpr uid_t kRoot = 0;
    const transport::LocalPeer* const local = peer.local();
    return local != nullptr && (local->uid == own_user_ || local->uid == kRoot);
}

Result<void> PeerCheck::check(const transport::Peer& peer) const {
    if (is_own(peer)) return {};
    const transport::LocalPeer* const local = peer.local();
    if (local != nullptr && !group_.empty() && groups_.contains(group_, *local)) return {};
    return Errc::not_permitted;
}

Result<void> open_to_group(const std::filesystem::path& socket, const std::string& group) {
    constexpr uid_t kUnchanged = static_cast<uid_t>(-1);
    const std::optional<gid_t> id = group_id(group);
    // First the group, then the mode: at no moment may another group connect.
    if (!id || ::chown(socket.c_str(), kUnchanged, *id) != 0 ||
        ::chmod(socket.c_str(), kOwnerAndGroup) != 0) {
        return Errc::bad_configuration;
    }
    return {};
}

}  // namespace tongbao::client
