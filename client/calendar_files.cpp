#include "client/calendar_files.hpp"

#include "program/files.hpp"

#include <utility>

namespace tongbao::client {
namespace {

constexpr std::size_t kMostCalendarFiles = 1'000;

}  // namespace

Checked<std::vector<protocol::CalendarFile>> read_calendar_files(
    const std::filesystem::path& folder) {
    Checked<std::vector<program::FolderFile>> found =
        program::read_folder(folder, ".json", kMostCalendarFiles, protocol::kMaxCalendarBytes + 1);
    if (!found) return found.error();
    std::vector<protocol::CalendarFile> files;
    for (program::FolderFile& file : *found) {
        files.push_back({std::move(file.name), std::move(file.contents)});
    }
    return files;
}

}  // namespace tongbao::client
