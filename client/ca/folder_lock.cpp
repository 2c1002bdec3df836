#include "client/ca/folder_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

namespace tongbao::client {

Checked<FolderLock> FolderLock::take(const std::filesystem::path& folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) {
        const Errc errc = errno == ENOENT ? Errc::not_found : Errc::storage_failure;
        return Reason{errc, folder.string(), "name a folder that can be read"};
    }
    FolderLock lock(descriptor);
    if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        const Errc errc = errno == EWOULDBLOCK ? Errc::already_running : Errc::storage_failure;
        return Reason{errc, folder.string(),
                      "another command works in this folder; try again when it is done"};
    }
    return lock;
}

FolderLock::~FolderLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

}  // namespace tongbao::client
