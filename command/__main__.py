"""`python -m command` is `cunyi`, where no script was installed."""

from command.main import main

main()
