please wait
