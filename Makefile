# Alt det egentlige ligger i setup/. Her findes kun en Python, der kan køre det (3.8 eller nyere).
PYTHONS := python3 /usr/bin/python3 /usr/local/bin/python3 /opt/homebrew/bin/python3
PYTHON := $(shell for python in $(PYTHONS); do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null && echo $$python && break; done)
ifeq ($(PYTHON),)
$(error Digispor skal bruge Python 3.8 eller nyere som 'python3'. På Debian og Ubuntu: apt-get install python3)
endif

.PHONY: help run test train danish-model evaluate cross-validate ablation evaluate-conversations bench bench-assessment bench-console bench-handover calibrate verify-audit reseal describe chaos lint sms-demo stop clean lock audit sbom

help:
	@echo 'make run           sæt op og start (http://localhost:8080/)'
	@echo 'make stop          stop alt, hvad make run har startet'
	@echo 'make test          alle test; make test T=tests/backend kører en del'
	@echo 'make lint          stil og typer'
	@echo 'make train         træn Rasa-modellen, hvis noget er ændret'
	@echo 'make danish-model  prøv igen at hente spaCys officielle danske model'
	@echo 'make evaluate      mål, hvor godt robotten forstår dansk'
	@echo 'make cross-validate  mål, hvor godt hver betydning bliver forstået (tager en halv time)'
	@echo 'make ablation      sammenlign måder at forstå dansk på (tager en halv time)'
	@echo 'make evaluate-conversations  lad simulerede borgere skrive med robotten'
	@echo 'make bench         mål svartider og hukommelse'
	@echo 'make bench-assessment  mål, hvor sikkert de få spørgsmål peger på det rigtige spor'
	@echo 'make bench-console  mål, hvor hurtigt konsollen svarer med 100.000 samtaler'
	@echo 'make bench-handover  mål, hvor hurtigt beskeder når frem, når 50 borgere skriver med medarbejdere'
	@echo 'make describe      skriv de målte tal i AI-systembeskrivelsen'
	@echo 'make chaos         slå processer ihjel under 50 samtaler, og tæl, hvad der går tabt (tager omkring en time)'
	@echo 'make calibrate     mål spørgsmålene ud fra borgernes svar (kræver mindst 200 selvvurderinger)'
	@echo 'make verify-audit  efterprøv, at ingen har ændret eller slettet i loggen'
	@echo 'make reseal        forsegl navne og numre på ny, når nøglen er skiftet'
	@echo 'make sms-demo      skriv sms med robotten i terminalen'
	@echo 'make lock          lås pakkerne på de nyeste tilladte versioner'
	@echo 'make audit         spørg, om der er kendte sikkerhedshuller i de låste pakker'
	@echo 'make sbom          skriv, hvad robotten, backenden og chatten består af'
	@echo 'make clean         fjern alt, hvad opsætningen kan lave igen'

run train danish-model evaluate cross-validate ablation evaluate-conversations bench bench-assessment bench-console bench-handover calibrate verify-audit reseal describe chaos lint sms-demo stop clean lock audit sbom:
	@$(PYTHON) -m setup $@

test:
	@$(PYTHON) -m setup test $(T)
