#include "client/sandbox/shipped_files.hpp"

#include <algorithm>
#include <system_error>
#include <utility>

namespace tongbao::client {

namespace {

using std::filesystem::path;

bool is_file(const path& file) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(file, ignored);
}

/// Lower-case letters, digits and hyphens: no path.
bool is_charter_name(std::string_view text) {
    return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") ==
                                std::string_view::npos;
}

}  // namespace

ShippedFiles ShippedFiles::beside_this_program() {
    std::error_code ignored;
    const path folder = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
    return ShippedFiles(
        folder, {folder / "../../../domain/charters", folder / "../share/tongbao/charters"});
}

ShippedFiles::ShippedFiles(path programs, std::vector<path> charter_folders)
    : programs_(std::move(programs)), charter_folders_(std::move(charter_folders)) {}

Checked<path> ShippedFiles::program(std::string_view name) const {
    const path file = programs_ / name;
    if (is_file(file)) return file;
    return Reason{Errc::not_found, file.string(),
                  "this program must lie beside tongbao: build or install all of Tongbao"};
}

Checked<path> ShippedFiles::charter(std::string_view name_or_file) const {
    if (is_charter_name(name_or_file)) {
        for (const path& folder : charter_folders_) {
            const path file = folder / (std::string(name_or_file) + ".json");
            if (is_file(file)) return file;
        }
    }
    if (is_file(name_or_file)) return path(name_or_file);
    return Reason{Errc::not_found, std::string(name_or_file),
                  "name a file, or one of the shipped charters: " + shipped_charters()};
}

std::string ShippedFiles::shipped_charters() const {
    std::vector<std::string> names;
    for (const path& folder : charter_folders_) {
        std::error_code error;
        for (const auto& item : std::filesystem::directory_iterator(folder, error)) {
            const std::string name = item.path().stem().string();
            if (item.path().extension() == ".json" && is_charter_name(name)) names.push_back(name);
        }
    }
    std::sort(names.begin(), names.end());
    std::string joined;
    for (const std::string& name : names) joined += (joined.empty() ? "" : ", ") + name;
    return joined.empty() ? "none was found beside this program" : joined;
}

}  // namespace tongbao::client
