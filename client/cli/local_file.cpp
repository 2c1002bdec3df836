#include "client/cli/local_file.hpp"

#include "protocol/limits.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <utility>

namespace tongbao::client {
namespace {

// Types registered with IANA, but for OFD (GB/T 33190), whose type is the one that charters name.
constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kTypes{{
    {".pdf", "application/pdf"},
    {".ofd", "application/ofd"},
    {".json", "application/json"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".png", "image/png"},
    {".txt", "text/plain"},
    {".zip", "application/zip"},
    {".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"},
    {".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
}};

struct CloseFile {
    void operator()(std::FILE* file) const noexcept {
        // Only read from: closing can lose nothing.
        static_cast<void>(std::fclose(file));
    }
};

}  // namespace

Attempt<LocalFile> LocalFile::open(const std::filesystem::path& path) {
    std::error_code error;
    // Looked at before it is opened, since opening a pipe waits for its other end.
    if (!std::filesystem::is_regular_file(path, error)) {
        return usage_failure(path.string() + ": there is no such file");
    }
    std::FILE* const opened = std::fopen(path.c_str(), "rbe");
    if (opened == nullptr) {
        return usage_failure(path.string() + ": can't be read: may this user read it?");
    }
    std::shared_ptr<std::FILE> file(opened, CloseFile());
    struct stat status {};
    if (::fstat(::fileno(opened), &status) != 0 || !S_ISREG(status.st_mode)) {
        return usage_failure(path.string() + ": is no file");
    }
    const auto size = static_cast<std::uint64_t>(status.st_size);
    if (size > protocol::kMaxAttachmentBytes) {
        return usage_failure(path.string() + ": " + std::to_string(size) +
                             " bytes; an attachment has at most " +
                             std::to_string(protocol::kMaxAttachmentBytes));
    }
    return LocalFile(std::move(file), size, path);
}

transport::BodySource LocalFile::source() const {
    return [file = file_](
               std::span<std::uint8_t> into) -> transport::asio::awaitable<Result<std::size_t>> {
        // Reads the disk in the thread of the connection: this program has no other one to serve.
        const std::size_t count = std::fread(into.data(), 1, into.size(), file.get());
        if (count == 0 && std::ferror(file.get()) != 0) co_return Errc::storage_failure;
        co_return count;
    };
}

std::string_view media_type_of(const std::filesystem::path& path) {
    std::string extension = path.extension().string();
    std::transform(extension.begin(), extension.end(), extension.begin(), [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    const auto found = std::find_if(kTypes.begin(), kTypes.end(),
                                    [&](const auto& type) { return type.first == extension; });
    return found == kTypes.end() ? "application/octet-stream" : found->second;
}

}  // namespace tongbao::client
