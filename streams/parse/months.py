"""Names of months in the languages of the wires, for reading dates."""

# a table, one line a language
# ruff: noqa: E501
from __future__ import annotations

# One line a language, months in order; forms of the same month are split by '/'.
_NAMES = """
january/jan february/feb march/mar april/apr may june/jun july/jul august/aug september/sept/sep october/oct november/nov december/dec
januar/jänner/jän februar/feber märz/mrz/mär april mai juni juli august september oktober/okt november dezember/dez
janvier/janv février/févr mars avril/avr mai juin juillet/juil août septembre octobre novembre décembre/déc
enero/ene febrero marzo abril/abr mayo junio julio agosto/ago septiembre/setiembre octubre noviembre diciembre/dic
janeiro fevereiro/fev março abril maio junho julho agosto setembro/set outubro/out novembro dezembro
gennaio/gen febbraio marzo aprile maggio/mag giugno/giu luglio/lug agosto settembre ottobre/ott novembre dicembre
januari februari maart/mrt april mei juni juli augustus september oktober november december
januar februar marts april maj juni juli august september oktober november december/des/desember
januari februari mars april maj juni juli augusti september oktober november december
stycznia/styczeń/sty lutego/luty/lut marca/marzec kwietnia/kwiecień/kwi maja czerwca/czerwiec/cze lipca/lipiec/lip sierpnia/sierpień/sie września/wrzesień/wrz października/październik/paź listopada/listopad/lis grudnia/grudzień/gru
ledna/leden února/únor března/březen dubna/duben května/květen června/červen července/červenec srpna/srpen září října/říjen listopadu prosince/prosinec
января/январь/янв февраля/февраль/фев марта/март/мар апреля/апрель/апр мая/май июня/июнь/июн июля/июль/июл августа/август/авг сентября/сентябрь/сен октября/октябрь/окт ноября/ноябрь/ноя декабря/декабрь/дек
січня/січень лютого/лютий березня/березень квітня/квітень травня/травень червня/червень липня/липень серпня/серпень вересня/вересень жовтня/жовтень листопада грудня/грудень
ocak/oca şubat/şub mart nisan/nis mayıs haziran/haz temmuz/tem ağustos/ağu eylül/eyl ekim/eki kasım/kas aralık/ara
januari/jan februari/pebruari maret april/apr mei juni juli agustus/agu/ags september oktober november/nop desember
tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta
ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
január február/febr március/márc április/ápr május/máj június/jún július/júl augusztus szeptember/szept október november december
ιανουαρίου/ιαν φεβρουαρίου/φεβ μαρτίου/μαρ απριλίου/απρ μαΐου/μαϊ ιουνίου/ιουν ιουλίου/ιουλ αυγούστου/αυγ σεπτεμβρίου/σεπ οκτωβρίου/οκτ νοεμβρίου/νοε δεκεμβρίου/δεκ
يناير فبراير مارس أبريل/ابريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
- شباط آذار/اذار نيسان أيار/ايار حزيران تموز آب أيلول/ايلول - - -
جانفي فيفري مارس أفريل ماي جوان جويلية/يوليوز أوت/غشت شتنبر أكتوبر/اكتوبر نونبر دجنبر
януари февруари март април май юни юли август септември октомври ноември декември
студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня кастрычніка лістапада снежня
јануар фебруар март април мај јун јул август септембар октобар новембар децембар
қаңтар ақпан наурыз сәуір мамыр маусым шілде тамыз қыркүйек қазан қараша желтоқсан
siječnja veljače ožujka travnja svibnja lipnja srpnja kolovoza rujna - studenoga/studenog prosinca
januara februara marta aprila maja juna jula augusta/avgusta septembra oktobra novembra decembra
januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra
januar/januarja februar/februarja marec aprila maja junij/junija julij/julija avgust/avgusta septembra oktobra novembra decembra
sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio
jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember
januari februari - april mei jun julai ogos september oktober november disember
בינואר/ינואר בפברואר/פברואר במרץ/מרץ באפריל/אפריל במאי/מאי ביוני/יוני ביולי/יולי באוגוסט/אוגוסט בספטמבר/ספטמבר באוקטובר/אוקטובר בנובמבר/נובמבר בדצמבר/דצמבר
มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม
იანვარი/იანვარს თებერვალი/თებერვალს მარტი/მარტს აპრილი/აპრილს მაისი/მაისს ივნისი/ივნისს ივლისი/ივლისს აგვისტო/აგვისტოს სექტემბერი/სექტემბერს ოქტომბერი/ოქტომბერს ნოემბერი/ნოემბერს დეკემბერი/დეკემბერს
জানুয়ারি ফেব্রুয়ারি মার্চ এপ্রিল মে জুন জুলাই আগস্ট সেপ্টেম্বর অক্টোবর নভেম্বর ডিসেম্বর
janúar febrúar mars apríl maí júní júlí ágúst september október nóvember desember
Januari Februari Machi Aprili Mei Juni Julai Agosti Septemba Oktoba Novemba Desemba
जनवरी फरवरी मार्च अप्रैल मई जून जुलाई अगस्त सितंबर अक्टूबर नवंबर दिसंबर
ژانویه فوریه مارس آوریل مه ژوئن ژوئیه/جولای اوت/آگوست سپتامبر اکتبر نوامبر دسامبر
"""

# Those of the Iranian year, which begins in March.
_SOLAR_NAMES = "فروردین اردیبهشت خرداد تیر مرداد شهریور مهر آبان آذر دی بهمن اسفند"
SOLAR_MONTHS = {name: number for number, name in enumerate(_SOLAR_NAMES.split(), start=1)}
MONTHS: dict[str, int] = {}
for _line in _NAMES.strip().splitlines():
    for _number, _forms in enumerate(_line.split(), start=1):
        for _form in _forms.split("/"):
            MONTHS.setdefault(_form.casefold(), _number)
# The Polish and Czech name of November is the Croatian one of October: without its language it is none.
MONTHS.pop("listopad", None)
