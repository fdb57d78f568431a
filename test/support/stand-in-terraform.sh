#!/bin/sh
# Answers as Terraform does for a root with one resource: it is made by the first apply, and then there is nothing to do. The
# state is the file that the backend's settings name. PLANS is the folder of the two plans as JSON.
state() { sed -n 's/.*"path": *"\([^"]*\)".*/\1/p' ../../exchange/backend.json; }
for word; do
  case "$word" in -out=*) plan="${word#-out=}" ;; esac
  last="$word"
done
case "$1" in
  version) echo '{"terraform_version": "1.11.4"}' ;;
  plan)
    if [ -s "$(state)" ]; then echo applied > "$plan"; else echo fresh > "$plan"; exit 2; fi
    ;;
  show) cat "PLANS/$(cat "$last").json" ;;
  state) if [ -s "$(state)" ]; then cat "$(state)"; else echo '{"serial": 0, "lineage": ""}'; fi ;;
  apply) echo '{"serial": 1, "lineage": "x"}' > "$(state)" ;;
  output) echo '{}' ;;
esac
