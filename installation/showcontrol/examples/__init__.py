"""Files for the programs beside Mien, generated from the tables of addresses, commands and settings into examples/.

python -m installation.showcontrol.examples --write
"""
