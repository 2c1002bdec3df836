#include "program/files.hpp"

#include "crypto/secret_bytes.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <system_error>

namespace tongbao::program {
namespace {

/// Closes a file descriptor when it goes.
class Descriptor {
public:
    explicit Descriptor(int number) : number_(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    Descriptor(Descriptor&&) = delete;
    Descriptor& operator=(Descriptor&&) = delete;
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] bool open() const { return number_ >= 0; }

private:
    int number_;
};

/// Reads a file of `size` bytes into memory of its own from the start: what grows leaves copies of
/// secrets behind.
Result<std::string> read_open_file(int file, std::size_t size) {
    std::string contents(size, '\0');
    std::size_t done = 0;
    while (done < size) {
        const ssize_t count = ::read(file, contents.data() + done, size - done);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) {
            crypto::wipe_memory(std::span<char>(contents));
            return Errc::storage_failure;
        }
        done += static_cast<std::size_t>(count);
    }
    return contents;
}

Result<std::string> read_checked(const std::filesystem::path& path, std::size_t max_bytes,
                                 bool secret) {
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!file.open()) return errno == ENOENT ? Errc::not_found : Errc::storage_failure;
    struct stat status {};
    if (::fstat(file.number(), &status) != 0 || !S_ISREG(status.st_mode)) {
        return Errc::storage_failure;
    }
    if (secret && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0) return Errc::not_permitted;
    const auto size = static_cast<std::size_t>(status.st_size);
    if (size > max_bytes) return Errc::too_large;
    return read_open_file(file.number(), size);
}

/// The names of the regular files of `folder` that end in `ending`, in order.
Checked<std::vector<std::string>> names_in(const std::filesystem::path& folder,
                                           std::string_view ending) {
    std::error_code error;
    std::vector<std::string> names;
    std::filesystem::directory_iterator each(folder, error);
    for (const std::filesystem::directory_iterator end; !error && each != end;
         each.increment(error)) {
        std::string name = each->path().filename().string();
        std::error_code ignored;
        if (name.ends_with(ending) && each->is_regular_file(ignored)) {
            names.push_back(std::move(name));
        }
    }
    if (error) {
        const bool absent = error == std::errc::no_such_file_or_directory;
        return Reason{absent ? Errc::not_found : Errc::storage_failure, folder.string(), ""};
    }
    std::sort(names.begin(), names.end());
    return names;
}

bool write_all(int file, std::string_view contents) {
    while (!contents.empty()) {
        const ssize_t count = ::write(file, contents.data(), contents.size());
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return false;
        contents.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

/// Writes and syncs a new file beside `path`; empty if that failed.
std::filesystem::path write_beside(const std::filesystem::path& path, std::string_view contents,
                                   unsigned mode) {
    std::string name = path.string() + ".XXXXXX";
    const Descriptor file(::mkostemp(name.data(), O_CLOEXEC));
    if (!file.open()) return {};
    if (::fchmod(file.number(), mode) == 0 && write_all(file.number(), contents) &&
        ::fsync(file.number()) == 0) {
        return name;
    }
    ::unlink(name.c_str());
    return {};
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::size_t max_bytes) {
    return read_checked(path, max_bytes, false);
}

Checked<std::vector<FolderFile>> read_folder(const std::filesystem::path& folder,
                                             std::string_view ending, std::size_t max_files,
                                             std::size_t max_bytes) {
    const Checked<std::vector<std::string>> names = names_in(folder, ending);
    if (!names) return names.error();
    if (names->size() > max_files) {
        return Reason{Errc::too_large, folder.string(),
                      "a folder of at most " + std::to_string(max_files) + " such files is read"};
    }
    std::vector<FolderFile> files;
    for (const std::string& name : *names) {
        Result<std::string> contents = read_file(folder / name, max_bytes);
        if (!contents) return Reason{to_errc(contents.error()), (folder / name).string(), ""};
        files.push_back({name, *std::move(contents)});
    }
    return files;
}

Result<std::string> read_secret_file(const std::filesystem::path& path, std::size_t max_bytes) {
    return read_checked(path, max_bytes, true);
}

Result<void> sync_folder(const std::filesystem::path& folder) {
    const Descriptor directory(
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!directory.open() || ::fsync(directory.number()) != 0) return Errc::storage_failure;
    return {};
}

Result<void> write_file(const std::filesystem::path& path, std::string_view contents,
                        unsigned mode) {
    const std::filesystem::path beside = write_beside(path, contents, mode);
    if (beside.empty()) return Errc::storage_failure;
    if (::rename(beside.c_str(), path.c_str()) != 0) {
        ::unlink(beside.c_str());
        return Errc::storage_failure;
    }
    return sync_folder(path.parent_path());
}

Result<void> create_file(const std::filesystem::path& path, std::string_view contents,
                         unsigned mode) {
    const std::filesystem::path beside = write_beside(path, contents, mode);
    if (beside.empty()) return Errc::storage_failure;
    const int linked = ::link(beside.c_str(), path.c_str());
    const int error = errno;
    ::unlink(beside.c_str());
    if (linked != 0) return error == EEXIST ? Errc::already_exists : Errc::storage_failure;
    return sync_folder(path.parent_path());
}

}  // namespace tongbao::program
