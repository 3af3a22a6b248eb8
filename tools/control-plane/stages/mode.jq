# How a pod fares: its annotation sim/mode, else a word in an image's tag, else ok.
.metadata.annotations["sim/mode"] // (
  [.spec.containers[].image, (.spec.initContainers // [] | .[].image)] | join(" ")
  | if test(":[^/ ]*bad") then "bad"
    elif test(":[^/ ]*crash") then "crash"
    elif test(":[^/ ]*notready") then "notready"
    elif test(":[^/ ]*heals") then "heals"
    elif test(":[^/ ]*flaky") then "flaky"
    elif test(":[^/ ]*slow") then "slow"
    else "ok" end)
