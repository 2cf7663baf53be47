#!/bin/sh
# Starts AliasFree with the Java that lies beside it. Environment:
#   ALIASFREE_OPTS  more options for java, split at blanks, for example "-Xmx8g"
set -u

# The folder of this script, through symbolic links.
find_home() {
  self=$0
  while [ -L "$self" ]; do
    link=$(readlink "$self")
    case $link in
      /*) self=$link ;;
      *) self=${self%/*}/$link ;;
    esac
  done
  case $self in
    */*) CDPATH='' cd -- "${self%/*}" && pwd -P ;;
    *) pwd -P ;;
  esac
}

# Java reads file names on its command line in the locale's charset; without UTF-8 it would refuse many.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
  *[Uu][Tt][Ff]*) ;;
  *) LC_ALL=C.UTF-8 && export LC_ALL ;;
esac

home=$(find_home) || {
  printf 'aliasfree: %s\n' "the folder of '$0' cannot be entered; check its permissions." >&2
  exit 1
}
java=$home/runtime/bin/java
[ -x "$java" ] || {
  printf 'aliasfree: %s\n' "'$java' is missing or cannot be run; unpack the program anew, with its permissions." >&2
  exit 1
}
# shellcheck disable=SC2086 # ALIASFREE_OPTS is split at blanks
set -- "@$home/java.options" -Xlog:cds*=off,aot*=off ${ALIASFREE_OPTS:-} --module-path "$home/program" -m org.aliasfree.cli/org.aliasfree.cli.Main "$@"
if [ -n "${ALIASFREE_OPTS:-}${JDK_JAVA_OPTIONS:-}${JAVA_TOOL_OPTIONS:-}" ] || ! (exec 3>&2); then
  exec "$java" "$@" # java may have something to say about these options
fi
# Java announces on standard error that the Vector API is an incubator module, and has no switch against that. So
# standard error waits on descriptor 3 until the command has started and takes it back.
exec "$java" -Daliasfree.stderr=3 "$@" 3>&2 2>/dev/null
