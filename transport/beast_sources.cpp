// Beast's own sources, compiled here once and nowhere else.
#include <boost/beast/src.hpp>
