#include "domain/charter.hpp"

#include <algorithm>
#include <utility>

namespace tongbao {
namespace {

template <typename T>
std::unordered_map<std::string, std::size_t> index_of(const std::vector<T>& items) {
    std::unordered_map<std::string, std::size_t> index;
    for (std::size_t at = 0; at < items.size(); ++at) index.emplace(items[at].id.value(), at);
    return index;
}

template <typename T>
const T* look_up(const std::vector<T>& items,
                 const std::unordered_map<std::string, std::size_t>& index, const std::string& id) {
    const auto found = index.find(id);
    return found == index.end() ? nullptr : &items[found->second];
}

template <typename T, typename Matches>
const T* find_first(const std::vector<T>& items, Matches matches) {
    const auto found = std::find_if(items.begin(), items.end(), matches);
    return found == items.end() ? nullptr : &*found;
}

template <typename Map, typename Key>
const typename Map::mapped_type* look_up(const Map& map, const Key& key) {
    const auto found = map.find(key);
    return found == map.end() ? nullptr : &found->second;
}

}  // namespace

Charter::Charter(CharterParts parts)
    : parts_(std::move(parts)), kinds_(index_of(parts_.kinds)), units_(index_of(parts_.units)) {}

const Kind* Charter::find_kind(const KindId& id) const {
    return look_up(parts_.kinds, kinds_, id.value());
}

const Unit* Charter::find_unit(const UnitId& id) const {
    return look_up(parts_.units, units_, id.value());
}

const Post* Charter::find_post(const PostId& id) const {
    return find_first(parts_.posts, [&](const Post& post) { return post.id == id; });
}

const EnumType* Charter::find_enum(std::string_view id) const {
    return look_up(parts_.enums, id);
}

const TableType* Charter::find_table(std::string_view id) const {
    return look_up(parts_.tables, id);
}

const Deadline* Charter::find_deadline(std::string_view id) const {
    return look_up(parts_.deadlines, id);
}

const LocalSystem* Charter::find_local_system(const UnitId& system) const {
    return find_first(parts_.local_systems,
                      [&](const LocalSystem& local) { return local.system == system; });
}

const LedgerTrack* Charter::find_track(std::string_view id) const {
    return find_first(parts_.ledger.tracks,
                      [&](const LedgerTrack& track) { return track.id == id; });
}

const ClassRules* Charter::find_class(SecurityClass security_class) const {
    return look_up(parts_.classification, security_class);
}

bool Charter::online(const UnitId& id) const {
    const Unit* const unit = find_unit(id);
    return unit != nullptr && unit->kind != UnitKind::external;
}

bool Charter::knows(const UnitId& id) const {
    if (find_unit(id) != nullptr) return true;
    const std::optional<UnitId> system = system_of(id);
    return system && find_local_system(*system) != nullptr;
}

std::vector<UnitId> Charter::units_of(std::string_view unit_or_group) const {
    if (const auto* const group = look_up(parts_.groups, unit_or_group)) return *group;
    const UnitId unit{std::string(unit_or_group)};
    if (find_unit(unit) != nullptr) return {unit};
    return {};
}

}  // namespace tongbao
