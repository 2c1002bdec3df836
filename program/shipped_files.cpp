#include "program/shipped_files.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace tongbao::program {

namespace {

using std::filesystem::path;

constexpr const char* kCharters = "charters";
constexpr const char* kCharterExtension = ".json";
constexpr const char* kCalendars = "calendars";

bool is_file(const path& file) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(file, ignored);
}

bool is_folder(const path& folder) {
    std::error_code ignored;
    return std::filesystem::is_directory(folder, ignored);
}

/// Lower-case letters, digits and hyphens: no path.
bool is_shipped_name(std::string_view text) {
    return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
                                std::string_view::npos;
}

}  // namespace

ShippedFiles ShippedFiles::beside_this_program() {
    std::error_code ignored;
    const path folder = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
    return ShippedFiles(folder, {folder / "../../../domain", folder / "../share/tongbao"});
}

ShippedFiles::ShippedFiles(path programs, std::vector<path> data_folders)
    : programs_(std::move(programs)), data_folders_(std::move(data_folders)) {}

Checked<path> ShippedFiles::program(std::string_view name) const {
    const path file = programs_ / name;
    if (is_file(file)) return file;
    return Reason{Errc::not_found, file.string(),
                  "this program must lie beside tongbao: build or install all of Tongbao"};
}

Checked<path> ShippedFiles::charter(std::string_view name_or_file) const {
    if (is_shipped_name(name_or_file)) {
        for (const path& folder : data_folders_) {
            const path file = folder / kCharters / (std::string(name_or_file) + kCharterExtension);
            if (is_file(file)) return file;
        }
    }
    if (is_file(name_or_file)) return path(name_or_file);
    return Reason{
        Errc::not_found, std::string(name_or_file),
        "name a file, or one of the shipped charters: " + shipped(kCharters, kCharterExtension)};
}

Checked<path> ShippedFiles::calendar(std::string_view name_or_folder) const {
    if (is_shipped_name(name_or_folder)) {
        for (const path& folder : data_folders_) {
            path calendar = folder / kCalendars / name_or_folder;
            if (is_folder(calendar)) return calendar;
        }
    }
    if (is_folder(name_or_folder)) return path(name_or_folder);
    return Reason{Errc::not_found, std::string(name_or_folder),
                  "name a folder, or one of the shipped calendars: " + shipped(kCalendars, "")};
}

std::string ShippedFiles::shipped(std::string_view kind, std::string_view extension) const {
    std::vector<std::string> names;
    for (const path& folder : data_folders_) {
        std::error_code error;
        for (const auto& item : std::filesystem::directory_iterator(folder / kind, error)) {
            const std::string name = item.path().stem().string();
            if (item.path().extension() == extension && is_shipped_name(name)) {
                names.push_back(name);
            }
        }
    }
    std::sort(names.begin(), names.end());
    std::string joined;
    for (const std::string& name : names) joined += (joined.empty() ? "" : ", ") + name;
    return joined.empty() ? "none was found beside this program" : joined;
}

}  // namespace tongbao::program
